package dev.mixlaw.eval.table;

import dev.mixlaw.api.Problem;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Observations.Observation;
import dev.mixlaw.eval.mixture.MixtureRuns;
import dev.mixlaw.eval.mixture.TrainingScale;
import dev.mixlaw.eval.table.TableFile.Row;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link LossTable} in one pass. All requested cells are checked, and all problems are
 * collected.
 */
final class TableReader {
  private static final String FLOPS = "flops";

  /** Largest deviation of a sum of shares from 1 that is corrected by normalization. */
  private static final double SHARE_TOLERANCE = 0.01;

  /** Below this number, a table whose largest model or budget it is most likely has other units. */
  private static final double SMALLEST_COUNT = 10_000;

  /** Loss of guessing with a vocabulary of 3 million tokens, which is more than any model has. */
  private static final double MOST_NATS = 15;

  /** Maps from suffixes of numbers, such as that of {@code 70M}, to powers of ten. */
  private static final Map<String, Integer> EXPONENTS =
      Map.of("%", -2, "k", 3, "K", 3, "M", 6, "B", 9, "T", 12);

  private static final Pattern SUFFIXED = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s?([%kKMBT])");

  /** Map from the use of a column to the method that names the column. */
  private static final Map<String, String> SETTERS =
      Map.of(
          "the loss",
          "LossTable.loss",
          Input.N,
          "LossTable.params",
          Input.D,
          "LossTable.tokens",
          "share of training tokens",
          "LossTable.share",
          "the weight of a row",
          "LossTable.weight",
          "the run of a checkpoint",
          "LossTable.cluster",
          "the name of the mixture",
          "RunTable.mixture");

  private final LossTable table;
  private final boolean forMixtures;

  /** Map from source to the column of its share. */
  private final Map<String, String> shares;

  private List<String> losses = List.of("loss");
  private @Nullable String index;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  /** Columns of the first file, other than losses, whose cells must not be empty. */
  private final List<String> required = new ArrayList<>();

  /** Map from index to row of the loss file, if there is such a file. */
  private final Map<String, Row> lossRows = new LinkedHashMap<>();

  /** Map from the index of a row, or from its text if there is no index, to its file and line. */
  private final Map<String, String> seen = new HashMap<>();

  private long leftOut;
  private long empty;
  private long renormalized;

  /**
   * The requested cells of a row.
   *
   * @param values values of the inputs, followed by the shares
   * @param mixture name of the mixture; empty if the table has no column of names
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(
      String place,
      double[] values,
      double[] losses,
      double weight,
      Optional<String> cluster,
      Optional<String> mixture,
      boolean heldOut) {}

  private TableReader(LossTable table, boolean forMixtures) {
    this.table = table;
    this.forMixtures = forMixtures;
    shares = new LinkedHashMap<>(table.shares);
  }

  /**
   * Reads a table.
   *
   * @param forMixtures whether the table is read for {@link MixtureRuns}; if so, columns without
   *     another use are sources and domains, and {@link MixtureRuns} checks the shares
   */
  static TableReader read(LossTable table, boolean forMixtures) {
    TableReader reader = new TableReader(table, forMixtures);
    try (TableFile rows = table.json ? new JsonlFile(table.file) : new CsvFile(table.file);
        @Nullable TableFile second = table.lossFile.map(CsvFile::new).orElse(null)) {
      reader.read(rows, second);
    }
    return reader;
  }

  List<Entry> entries() {
    return entries;
  }

  List<String> losses() {
    return losses;
  }

  private void read(TableFile rows, @Nullable TableFile second) {
    selectColumns(rows, second);
    checkDescription(rows, second);
    if (second != null) {
      readLosses(second);
    }
    Set<String> unmatched = new HashSet<>(lossRows.keySet());
    for (Row row = rows.next(problems); row != null; row = rows.next(problems)) {
      unmatched.remove(indexOf(row));
      if (!meets(row, table.conditions)) {
        leftOut++;
      } else if (table.skipEmpty && hasEmptyCell(row)) {
        empty++;
      } else {
        keep(row, rows, second);
      }
    }
    lossRows.forEach(
        (key, row) -> {
          if (unmatched.contains(key)) {
            unmatched(row, key, rows);
          }
        });
    TableFile.throwAny(problems);
    if (entries.isEmpty()) {
      problem(
          rows.name(),
          leftOut + empty == 0
              ? "no rows"
              : empty == 0
                  ? "none of " + leftOut + " rows meets the conditions " + table.conditions
                  : "%s rows left out by conditions and %s because of empty cells"
                      .formatted(leftOut, empty),
          "at least one row",
          "correct the file or the conditions");
      TableFile.throwAny(problems);
    }
  }

  private void selectColumns(TableFile rows, @Nullable TableFile second) {
    List<String> columns = rows.columns().orElse(List.of());
    if (second != null) {
      index = table.index.orElseGet(() -> columns.isEmpty() ? "index" : columns.get(0));
    }
    if (!table.losses.isEmpty() || !table.metrics.isEmpty()) {
      losses =
          Stream.concat(table.losses.stream(), table.metrics.keySet().stream())
              .filter(c -> !forMixtures || isLoss(c))
              .toList();
    } else if (forMixtures && second != null) {
      losses = second.columns().orElseThrow().stream().filter(c -> !c.equals(index)).toList();
    }
    if (forMixtures && shares.isEmpty()) {
      Set<String> used = uses().keySet();
      columns.stream().filter(c -> !used.contains(c)).forEach(c -> shares.put(c, c));
    }
    if (forMixtures && (shares.size() < 2 || losses.isEmpty())) {
      problem(
          rows.name() + (second == null ? "" : " and " + second.name()),
          shares.size() + " share columns and " + losses.size() + " loss columns",
          "at least two sources and one domain",
          "correct the files or the column names");
    }
  }

  /** Returns whether laws and mixture models can be fitted to a column. */
  private boolean isLoss(String column) {
    return !table.metricOf(column).higherIsBetter();
  }

  private void checkDescription(TableFile rows, @Nullable TableFile second) {
    if (!table.shares.isEmpty() && column(Input.SYNTHETIC) != null) {
      problem(
          "columns " + table.shares.values() + " and " + table.inputs.values(),
          "both shares of a fixed total and an amount added to a human budget",
          "only one of the two, because they are different experiments",
          "call either LossTable.share or LossTable.added");
    }
    Map<String, String> uses = uses();
    if (second != null) {
      String joining = String.valueOf(index);
      require(Map.of(joining, String.valueOf(uses.get(joining))), second);
      Map<String, String> ofLosses = new LinkedHashMap<>();
      losses.forEach(c -> ofLosses.put(c, measured(c)));
      require(ofLosses, second);
      second.columns().ifPresent(c -> uses.entrySet().removeIf(e -> isCondition(e, c)));
    }
    if (column(Input.N) != null && (column(Input.D) != null || column(Input.SYNTHETIC) != null)) {
      uses.entrySet().removeIf(e -> isCondition(e, List.of(FLOPS)));
    }
    require(uses, rows);
    TableFile.throwAny(problems);
    uses.entrySet().removeIf(e -> isCondition(e, uses.keySet()));
    uses.keySet().removeAll(losses);
    required.addAll(uses.keySet());
  }

  private static boolean isCondition(Map.Entry<String, String> use, Collection<String> columns) {
    return use.getValue().startsWith("condition ") && columns.contains(use.getKey());
  }

  /** Returns a map from the columns that are read from the first file to their purpose. */
  private Map<String, String> uses() {
    Map<String, String> uses = new LinkedHashMap<>();
    if (index != null) {
      uses.put(index, "the column that joins the files");
    } else {
      losses.forEach(column -> uses.put(column, measured(column)));
    }
    table.inputs.forEach((input, column) -> uses.put(column, input.name() + ", " + input.unit()));
    shares.values().forEach(column -> uses.put(column, "share of training tokens"));
    table.weight.ifPresent(column -> uses.put(column, "the weight of a row"));
    table.cluster.ifPresent(column -> uses.put(column, "the run of a checkpoint"));
    table.mixture.ifPresent(column -> uses.put(column, "the name of the mixture"));
    Stream.of(table.conditions, table.heldOut)
        .flatMap(List::stream)
        .forEach(c -> uses.putIfAbsent(c.column(), "condition " + c));
    return uses;
  }

  private String measured(String column) {
    return table.metrics.containsKey(column) ? table.metricOf(column).name() : "the loss";
  }

  private void require(Map<String, String> uses, TableFile rows) {
    List<String> columns = rows.columns().orElseGet(() -> List.copyOf(uses.keySet()));
    uses.forEach(
        (column, use) -> {
          if (!columns.contains(column)) {
            problem(
                "column " + column + " (" + use + ")",
                "not in " + rows.name(),
                "one of " + columns,
                remedy(use));
          }
        });
  }

  private String remedy(String use) {
    String setter = forMixtures ? null : SETTERS.get(use.replaceFirst(",.*", ""));
    return setter == null ? "correct the column's name" : "set the column's name with " + setter;
  }

  private void readLosses(TableFile rows) {
    for (Row row = rows.next(problems); row != null; row = rows.next(problems)) {
      Row first = lossRows.putIfAbsent(indexOf(row), row);
      if (first != null) {
        repeated(row, first.place());
      }
    }
  }

  private void repeated(Row row, String first) {
    String key = TableFile.shortened(indexOf(row));
    wrong(row, String.valueOf(index), key + ", which also occurs in " + first, "a unique value");
  }

  private void unmatched(Row row, String key, TableFile other) {
    if (problems.size() < TableFile.MAX_PROBLEMS) {
      problem(
          row.place(),
          "index " + TableFile.shortened(key) + " has no row in " + other.name(),
          "a row in both files",
          "correct the files or the column that joins them");
    }
  }

  private String indexOf(Row row) {
    return index == null ? "" : row.cell(index).orElse("");
  }

  private boolean meets(Row row, List<Condition> conditions) {
    for (Condition condition : conditions) {
      Optional<String> cell = cell(row, condition.column());
      boolean absent = cell.isEmpty() || (table.skipEmpty && cell.get().isEmpty());
      try {
        if (condition.isOrder()
            ? absent || !condition.test(decimal(cell.get()))
            : !condition.test(cell.orElse(""))) {
          return false;
        }
      } catch (NumberFormatException e) {
        wrong(
            row,
            condition.column(),
            TableFile.quoted(cell.get()),
            "a number, for condition " + condition);
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the cell of a row. If there is none, returns the cell of the matching row in the loss
   * file or, for FLOPs, the computed value.
   */
  private Optional<String> cell(Row row, String column) {
    Optional<String> cell =
        row.cell(column)
            .or(() -> Optional.ofNullable(lossRows.get(indexOf(row))).flatMap(r -> r.cell(column)));
    return cell.isEmpty() && column.equals(FLOPS) ? Optional.of(flops(row)) : cell;
  }

  private String flops(Row row) {
    try {
      BigDecimal tokens = BigDecimal.ZERO;
      for (String input : List.of(Input.D, Input.HUMAN, Input.SYNTHETIC)) {
        String column = column(input);
        tokens = column == null ? tokens : tokens.add(parsed(row, column));
      }
      return parsed(row, String.valueOf(column(Input.N)))
          .multiply(tokens)
          .multiply(BigDecimal.valueOf(6))
          .toString();
    } catch (NumberFormatException e) {
      return ""; // reported where the cell itself is read
    }
  }

  private BigDecimal parsed(Row row, String column) {
    return new BigDecimal(decimal(row.cell(column).orElse("")));
  }

  private String decimal(String cell) {
    String point = table.decimalComma ? cell.replace(',', '.') : cell;
    Matcher number = SUFFIXED.matcher(point);
    return number.matches() ? number.group(1) + "e" + EXPONENTS.get(number.group(2)) : point;
  }

  private @Nullable String column(String input) {
    return table.inputs.entrySet().stream()
        .filter(e -> e.getKey().name().equals(input))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private boolean hasEmptyCell(Row row) {
    Row measured = lossRows.getOrDefault(indexOf(row), row);
    return required.stream().anyMatch(c -> row.cell(c).orElse("").isEmpty())
        || losses.stream().anyMatch(c -> measured.cell(c).orElse("").isEmpty());
  }

  private void keep(Row row, TableFile rows, @Nullable TableFile second) {
    int before = problems.size();
    Row measured = second == null ? row : lossRows.get(indexOf(row));
    if (measured == null && second != null) {
      unmatched(row, indexOf(row), second);
      return;
    }
    double[] values = new double[table.inputs.size() + shares.size()];
    int k = 0;
    for (Map.Entry<Input, String> input : table.inputs.entrySet()) {
      values[k++] = number(row, input.getValue(), !input.getKey().positive());
    }
    for (String column : shares.values()) {
      values[k++] = number(row, column, true);
    }
    Entry entry =
        new Entry(
            row.place(),
            values,
            losses.stream().mapToDouble(c -> number(measured, c, false)).toArray(),
            table.weight.map(c -> number(row, c, false)).orElse(1.0),
            table.cluster.map(c -> name(row, c)),
            table.mixture.map(c -> name(row, c)),
            !table.heldOut.isEmpty() && meets(row, table.heldOut));
    if (problems.size() == before && !forMixtures) {
      normalizeShares(row, values);
    }
    checkDuplicate(row);
    if (problems.size() == before) {
      entries.add(entry);
    }
    if (entries.size() > LossTable.MAX_KEPT) {
      problem(
          rows.name(),
          "more than " + LossTable.MAX_KEPT + " rows",
          "a condition that keeps fewer rows",
          "add a condition with LossTable.where");
      TableFile.throwAny(problems);
    }
  }

  private void checkDuplicate(Row row) {
    String first =
        seen.putIfAbsent(index == null ? row.cells().toString() : indexOf(row), row.place());
    if (first != null && index != null) {
      repeated(row, first);
    } else if (first != null) {
      problem(
          row.place(),
          "identical to " + first + " in every column",
          "rows that differ in at least one column, such as the seed",
          "correct the file");
    }
  }

  private void normalizeShares(Row row, double[] values) {
    double sum = 0;
    for (int j = table.inputs.size(); j < values.length; j++) {
      sum += values[j];
    }
    if (shares.size() == 1 && sum > 1) {
      wrong(row, shares.values().iterator().next(), Double.toString(sum), "a number from 0 to 1");
    } else if (shares.size() > 1 && Math.abs(sum - 1) > SHARE_TOLERANCE) {
      wrong(
          row,
          String.join(" + ", shares.values()),
          Double.toString(sum),
          "a sum within 1 % of 1" + (Math.abs(sum - 100) < 2 ? ", not of 100 %" : ""));
    } else if (shares.size() > 1 && Math.abs(sum - 1) > 1e-12) {
      renormalized++;
      for (int j = table.inputs.size(); j < values.length; j++) {
        values[j] /= sum;
      }
    }
  }

  /**
   * Returns the name in a column of the row. If the cell is empty, adds a problem and returns an
   * empty name.
   */
  private String name(Row row, String column) {
    String name = row.cell(column).orElse("");
    if (name.isEmpty()) {
      wrong(row, column, "empty", "a name");
    }
    return name;
  }

  /**
   * Returns the number in a column of the row. If the cell is invalid, adds a problem and returns
   * 0.
   */
  private double number(Row row, String column, boolean zeroAllowed) {
    String cell = row.cell(column).orElse("");
    double value;
    try {
      value = new BigDecimal(decimal(cell)).doubleValue();
    } catch (NumberFormatException e) {
      boolean comma = !table.decimalComma && cell.indexOf(',') >= 0;
      wrong(
          row,
          column,
          TableFile.quoted(cell),
          comma
              ? "a number with a decimal point (for a decimal comma, call LossTable.decimalComma)"
              : "a finite number");
      return 0;
    }
    boolean any = table.metrics.containsKey(column);
    if (Double.isInfinite(value) || (!any && (value < 0 || (value == 0 && !zeroAllowed)))) {
      wrong(
          row,
          column,
          TableFile.shortened(cell),
          any
              ? "a finite number"
              : zeroAllowed ? "a finite number of at least 0" : "a finite number above 0");
      return 0;
    }
    return value;
  }

  private void wrong(Row row, String column, String actual, String expected) {
    String subject = row.place() + ", column " + column;
    if (!actual.equals("empty")) {
      String condition =
          row.cell(column).map(cell -> ", such as \"%s!=%s\"".formatted(column, cell)).orElse("");
      problem(
          subject,
          actual,
          expected,
          "correct the file, or exclude the row with LossTable.where" + condition);
    } else if (row.cells().has(column)) {
      problem(subject, actual, expected, "correct the file, or call LossTable.skipEmpty");
    } else {
      problem(
          subject,
          "missing",
          "one of the keys " + row.keys(),
          "correct the column's name, or call LossTable.skipEmpty");
    }
  }

  private void problem(String subject, String actual, String expected, String fix) {
    problems.add(new Problem(subject, actual, expected, fix));
  }

  /** Returns the names of the inputs, followed by the names of the shares. */
  List<String> inputs() {
    return Stream.concat(
            table.inputs.keySet().stream().map(Input::name),
            shares.keySet().stream().map(source -> Input.share(source).name()))
        .toList();
  }

  /** Returns the value of an input, or empty if the table has no such input. */
  Optional<Double> value(Entry entry, String input) {
    return Optional.of(inputs().indexOf(input)).filter(k -> k >= 0).map(k -> entry.values[k]);
  }

  /** Returns a map from source to share, without sources that have a share of 0. */
  Map<String, Double> shares(Entry entry) {
    Map<String, Double> positive = new LinkedHashMap<>();
    int k = table.inputs.size();
    for (String source : shares.keySet()) {
      positive.put(source, entry.values[k++]);
    }
    positive.values().removeIf(s -> s == 0);
    return positive;
  }

  LossTable.Content content() {
    Map<String, Observations> byLoss = new LinkedHashMap<>();
    for (int i = 0; i < losses.size(); i++) {
      if (!isLoss(losses.get(i))) {
        continue;
      }
      int column = i;
      List<Observation> rows =
          entries.stream()
              .map(e -> new Observation(e.place, e.values, e.losses[column], e.weight, e.cluster))
              .toList();
      byLoss.put(losses.get(i), Observations.of(inputs(), rows));
    }
    return new LossTable.Content(
        byLoss,
        table.unit.orElse(LossUnit.NATS_PER_TOKEN),
        entries.stream().filter(Entry::heldOut).map(Entry::place).collect(Collectors.toSet()),
        leftOut,
        empty,
        warnings());
  }

  MixtureRuns mixtureRuns() {
    requireShares();
    List<MixtureRuns.Run> runs = new ArrayList<>();
    int first = table.inputs.size();
    for (Entry e : entries) {
      TrainingScale scale =
          new TrainingScale(
              value(e, Input.N).map(n -> new Params(count(n))),
              value(e, Input.D).map(d -> new Tokens(count(d))));
      double[] ofSources = Arrays.copyOfRange(e.values, first, e.values.length);
      runs.add(new MixtureRuns.Run(e.place, ofSources, scale, e.losses, e.weight, e.cluster));
    }
    return MixtureRuns.of(List.copyOf(shares.keySet()), losses, runs, warnings());
  }

  /** Reports each column that was taken as the shares of a source but has a value far above 1. */
  private void requireShares() {
    int k = table.inputs.size();
    for (String column : shares.values()) {
      int at = k++;
      entries.stream()
          .filter(e -> e.values[at] > 1 + SHARE_TOLERANCE)
          .findFirst()
          .ifPresent(
              e ->
                  problem(
                      "column %s (share of a source)".formatted(column),
                      "%s in %s".formatted(e.values[at], e.place),
                      "numbers from 0 to 1",
                      "correct the column; if it is no source, name the sources or its other use"));
    }
    TableFile.throwAny(problems);
  }

  /** Rounds a value to a number of parameters or tokens, at least 1. */
  static long count(double value) {
    return Math.max(1, Math.round(value));
  }

  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    List<String> unknown = losses.stream().filter(c -> !table.metrics.containsKey(c)).toList();
    if (table.unit.isEmpty() && !forMixtures && !unknown.isEmpty()) {
      warnings.add(
          "the unit of " + String.join(", ", unknown) + " is not given; nats per token is assumed");
    }
    if (renormalized > 0) {
      warnings.add(
          "the shares of %s rows summed to within 1 %% of 1; they were normalized to sum to 1"
              .formatted(renormalized));
    }
    if (empty > 0) {
      warnings.add(empty + " rows with an empty cell were left out");
    }
    warnUnits(warnings);
    return warnings;
  }

  /**
   * Adds a warning for each column whose values are so large or small that its unit is unlikely.
   */
  private void warnUnits(List<String> warnings) {
    int k = 0;
    for (Map.Entry<Input, String> input : table.inputs.entrySet()) {
      int at = k++;
      String name = input.getKey().name();
      double largest = entries.stream().mapToDouble(e -> e.values[at]).max().orElse(0);
      if ((name.equals(Input.N) || name.equals(Input.D)) && largest < SMALLEST_COUNT) {
        warnings.add(
            "column %s: the largest value is %s; expected numbers of %s, not thousands, millions or billions"
                .formatted(input.getValue(), largest, input.getKey().unit()));
      }
    }
    boolean bytes = table.unit.equals(Optional.of(LossUnit.BITS_PER_BYTE));
    for (int j = 0; j < losses.size(); j++) {
      int at = j;
      double largest = entries.stream().mapToDouble(e -> e.losses[at]).max().orElse(0);
      if (!table.metrics.containsKey(losses.get(j)) && largest > (bytes ? 8 : MOST_NATS)) {
        warnings.add(
            "column %s: the largest value is %s %s, which is worse than guessing; expected no perplexity, but its logarithm"
                .formatted(losses.get(j), largest, bytes ? "bits per byte" : "nats per token"));
      }
    }
  }
}
