package dev.mixlaw.eval.table;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition on a column, such as {@code train_corpus=rpj} or {@code tokens>1e11}.
 *
 * @param column name
 * @param operator one of {@code = != < <= > >=}
 * @param value compared as a number if it and the cell are numbers, else as text
 */
public record Condition(String column, String operator, String value) {
  private static final Pattern SYNTAX =
      Pattern.compile("\\s*([^<>=!]+?)\\s*(!=|<=|>=|=|<|>)\\s*(.+?)\\s*", Pattern.DOTALL);

  public Condition {
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(operator, "operator");
    Objects.requireNonNull(value, "value");
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Condition parse(String text) {
    Matcher m = SYNTAX.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "condition \"" + text + "\"; allowed: COLUMN=VALUE, or with != < <= > >=");
    }
    Condition condition = new Condition(m.group(1), m.group(2), m.group(3));
    if (condition.ordered() && number(condition.value).isEmpty()) {
      throw new IllegalArgumentException(
          "condition \"" + text + "\": " + condition.value + " is not a number");
    }
    return condition;
  }

  /** Whether it asks for more or less, which only numbers answer. */
  private boolean ordered() {
    return operator.startsWith("<") || operator.startsWith(">");
  }

  /**
   * Whether a cell meets it.
   *
   * @throws NumberFormatException if it asks for more or less and the cell is not a number
   */
  public boolean test(String cell) {
    Optional<BigDecimal> number = number(cell);
    Optional<BigDecimal> bound = number(value);
    if (ordered() && number.isEmpty()) {
      throw new NumberFormatException(cell);
    }
    boolean numeric = number.isPresent() && bound.isPresent();
    int order =
        numeric ? number.orElseThrow().compareTo(bound.orElseThrow()) : cell.equals(value) ? 0 : 1;
    return switch (operator) {
      case "=" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
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
    return column + operator + value;
  }
}
