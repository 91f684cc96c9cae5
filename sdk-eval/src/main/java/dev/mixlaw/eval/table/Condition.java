package dev.mixlaw.eval.table;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A condition on a column, such as {@code train_corpus=rpj}, {@code tokens>1e11}, {@code
 * token_multiplier=1|16} or {@code loss!=} (not empty).
 *
 * @param operator one of {@code = != < <= > >=}
 * @param values alternatives for {@code =} and {@code !=}, otherwise a single number; if value and
 *     cell are both numbers, they are compared as numbers, otherwise as text
 */
record Condition(String column, String operator, List<String> values) {
  private static final Pattern SYNTAX =
      Pattern.compile("\\s*([^<>=!]+?)\\s*(!=|<=|>=|=|<|>)\\s*(.*?)\\s*", Pattern.DOTALL);

  Condition {
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(operator, "operator");
    values = List.copyOf(values);
    if (ordered(operator) && (values.size() != 1 || number(values.get(0)).isEmpty())) {
      throw new IllegalArgumentException(
          "%s%s%s: %s takes exactly one number"
              .formatted(column, operator, String.join("|", values), operator));
    }
  }

  /**
   * Parses a condition.
   *
   * @throws IllegalArgumentException if the text is not a valid condition
   */
  static Condition parse(String text) {
    Matcher m = SYNTAX.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "condition \"" + text + "\"; expected COLUMN=VALUE, or one of != < <= > >= instead of =");
    }
    String values = m.group(3);
    return new Condition(
        m.group(1),
        m.group(2),
        ordered(m.group(2))
            ? List.of(values)
            : Stream.of(values.split("\\|", -1)).map(String::strip).toList());
  }

  private static boolean ordered(String operator) {
    return operator.startsWith("<") || operator.startsWith(">");
  }

  boolean isOrder() {
    return ordered(operator);
  }

  /**
   * Returns whether a cell satisfies the condition.
   *
   * @throws NumberFormatException if the operator compares numbers and the cell is not a number
   */
  boolean test(String cell) {
    if (!ordered(operator)) {
      return values.stream().anyMatch(v -> equal(cell, v)) == operator.equals("=");
    }
    int order =
        number(cell)
            .orElseThrow(() -> new NumberFormatException(cell))
            .compareTo(number(values.get(0)).orElseThrow());
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private static boolean equal(String cell, String value) {
    Optional<BigDecimal> number = number(value);
    Optional<BigDecimal> measured = number.flatMap(n -> number(cell));
    return measured.isPresent() ? measured.get().compareTo(number.get()) == 0 : cell.equals(value);
  }

  private static Optional<BigDecimal> number(String text) {
    try {
      return Optional.of(new BigDecimal(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty(); // text
    }
  }

  @Override
  public String toString() {
    return column + operator + String.join("|", values);
  }
}
