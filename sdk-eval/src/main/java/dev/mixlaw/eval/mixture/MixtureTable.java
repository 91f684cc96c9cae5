package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.table.internal.CsvRows;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shares and losses of runs in two CSV files, joined by a column of both.
 *
 * <p>The first file has one column for each source, the second one column for each domain. Rows
 * with the same value in the joining column belong together, in any order.
 *
 * <pre>{@code
 * MixtureRuns runs = MixtureTable.csv(shares, losses).domains(List.of("wiki")).read();
 * }</pre>
 *
 * <p>A table is immutable: each setting returns a new one.
 */
public final class MixtureTable {
  private static final int MAX_PROBLEMS = 20;

  private final Path shares;
  private final Path losses;
  private final @Nullable String index;
  private final @Nullable String params;
  private final @Nullable String tokens;
  private final @Nullable List<String> domains;

  private MixtureTable(
      Path shares,
      Path losses,
      @Nullable String index,
      @Nullable String params,
      @Nullable String tokens,
      @Nullable List<String> domains) {
    this.shares = Objects.requireNonNull(shares, "shares");
    this.losses = Objects.requireNonNull(losses, "losses");
    this.index = index;
    this.params = params;
    this.tokens = tokens;
    this.domains = domains;
  }

  /** Returns a table of two CSV files with headers. Nothing is read yet. */
  public static MixtureTable csv(Path shares, Path losses) {
    return new MixtureTable(shares, losses, null, null, null, null);
  }

  /** Sets the column that joins the files. Default: the first column of the shares. */
  public MixtureTable index(String column) {
    return new MixtureTable(shares, losses, column, params, tokens, domains);
  }

  /** Sets the column with model sizes in the file of shares, which is then not a source. */
  public MixtureTable params(String column) {
    return new MixtureTable(shares, losses, index, column, tokens, domains);
  }

  /** Sets the column with training tokens in the file of shares, which is then not a source. */
  public MixtureTable tokens(String column) {
    return new MixtureTable(shares, losses, index, params, column, domains);
  }

  /** Sets the columns of losses to read. Default: all but the joining column. */
  public MixtureTable domains(List<String> columns) {
    return new MixtureTable(shares, losses, index, params, tokens, List.copyOf(columns));
  }

  /** The requested cells of a row and its position in the file. */
  private record Row(String place, Map<String, Double> cells) {}

  /**
   * Reads both files.
   *
   * @throws MixlawException listing what is wrong, up to twenty problems with their lines
   */
  public MixtureRuns read() {
    List<Problem> problems = new ArrayList<>();
    try (CsvRows mixtures = new CsvRows(shares);
        CsvRows measured = new CsvRows(losses)) {
      List<String> shareColumns = mixtures.columns().orElseThrow();
      List<String> lossColumns = measured.columns().orElseThrow();
      String key = index == null ? shareColumns.get(0) : index;
      List<String> sources =
          shareColumns.stream()
              .filter(c -> !c.equals(key) && !c.equals(params) && !c.equals(tokens))
              .toList();
      List<String> wanted =
          domains == null ? lossColumns.stream().filter(c -> !c.equals(key)).toList() : domains;
      require(key, shareColumns, shares, "the column that joins the files", problems);
      require(key, lossColumns, losses, "the column that joins the files", problems);
      Optional.ofNullable(params)
          .ifPresent(c -> require(c, shareColumns, shares, "the column of N", problems));
      Optional.ofNullable(tokens)
          .ifPresent(c -> require(c, shareColumns, shares, "the column of D", problems));
      wanted.forEach(c -> require(c, lossColumns, losses, "the target", problems));
      if (sources.size() < 2 || wanted.isEmpty()) {
        problems.add(
            new Problem(
                shares.getFileName() + " and " + losses.getFileName(),
                sources.size() + " columns of shares and " + wanted.size() + " of losses",
                "at least two sources and one domain",
                "the files"));
      }
      throwAny(problems);
      List<String> shareCells = shareColumns.stream().filter(c -> !c.equals(key)).toList();
      Map<String, Row> byKey = rows(mixtures, key, shareCells, problems);
      Map<String, Row> lossByKey = rows(measured, key, wanted, problems);
      return join(sources, wanted, byKey, lossByKey, problems);
    }
  }

  private MixtureRuns join(
      List<String> sources,
      List<String> wanted,
      Map<String, Row> mixtures,
      Map<String, Row> measured,
      List<Problem> problems) {
    unmatched(mixtures, measured, losses, problems);
    unmatched(measured, mixtures, shares, problems);
    for (Row row : measured.values()) {
      row.cells.forEach((c, v) -> positive(row, c, v, problems));
    }
    for (Row row : mixtures.values()) {
      Optional.ofNullable(params).ifPresent(c -> count(row, c, problems));
      Optional.ofNullable(tokens).ifPresent(c -> count(row, c, problems));
    }
    throwAny(problems);
    MixtureRuns.Builder builder = MixtureRuns.of(sources, wanted);
    mixtures.forEach(
        (key, row) ->
            builder.add(
                row.place,
                values(row, sources),
                new TrainingScale(
                    Optional.ofNullable(params).map(c -> new Params(Math.round(row.cells.get(c)))),
                    Optional.ofNullable(tokens).map(c -> new Tokens(Math.round(row.cells.get(c))))),
                values(measured.get(key), wanted)));
    return builder.build();
  }

  private static double[] values(Row row, List<String> columns) {
    return columns.stream().mapToDouble(row.cells::get).toArray();
  }

  private static void require(
      String column, List<String> columns, Path file, String role, List<Problem> problems) {
    if (!columns.contains(column)) {
      problems.add(
          new Problem(
              "column " + column + ", " + role,
              "not in " + file.getFileName(),
              "one of " + columns,
              "the column's name"));
    }
  }

  private static Map<String, Row> rows(
      CsvRows rows, String key, List<String> columns, List<Problem> problems) {
    Map<String, Row> byKey = new LinkedHashMap<>();
    while (problems.size() < MAX_PROBLEMS && rows.next()) {
      Map<String, Double> cells = new LinkedHashMap<>();
      for (String column : columns) {
        number(rows, column, problems).ifPresent(v -> cells.put(column, v));
      }
      String name = Objects.requireNonNull(rows.cell(key)).strip();
      Row first = byKey.putIfAbsent(name, new Row(rows.place(), cells));
      if (first != null) {
        problems.add(
            new Problem(
                rows.place() + ", column " + key,
                name + ", as in " + first.place,
                "each once",
                "the file"));
      }
    }
    if (byKey.isEmpty() && problems.isEmpty()) {
      problems.add(
          new Problem(rows.file(), "no rows", "a header and a row for each run", "the file"));
    }
    throwAny(problems);
    return byKey;
  }

  private static Optional<Double> number(CsvRows rows, String column, List<Problem> problems) {
    String cell = Objects.requireNonNull(rows.cell(column)).strip();
    try {
      return Optional.of(new BigDecimal(cell).doubleValue());
    } catch (NumberFormatException e) {
      problems.add(
          new Problem(
              rows.place() + ", column " + column,
              cell.isEmpty() ? "empty" : "\"" + cell + "\"",
              "a finite number with a decimal point",
              "the file"));
      return Optional.empty();
    }
  }

  private static void unmatched(
      Map<String, Row> rows, Map<String, Row> others, Path other, List<Problem> problems) {
    rows.forEach(
        (key, row) -> {
          if (!others.containsKey(key) && problems.size() < MAX_PROBLEMS) {
            problems.add(
                new Problem(
                    row.place,
                    "index " + key + " has no row in " + other.getFileName(),
                    "a row in both files",
                    "the files, or the column that joins them"));
          }
        });
  }

  private static void positive(Row row, String column, double value, List<Problem> problems) {
    if ((!(value > 0) || Double.isInfinite(value)) && problems.size() < MAX_PROBLEMS) {
      problems.add(
          new Problem(
              row.place + ", column " + column,
              Double.toString(value),
              "finite and above 0",
              "the file"));
    }
  }

  private static void count(Row row, String column, List<Problem> problems) {
    double value = row.cells.get(column);
    if (!(value >= 1 && value < 9e18) && problems.size() < MAX_PROBLEMS) {
      problems.add(
          new Problem(
              row.place + ", column " + column,
              Double.toString(value),
              "a number from 1",
              "the file"));
    }
  }

  private static void throwAny(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DATA, problems, null);
    }
  }
}
