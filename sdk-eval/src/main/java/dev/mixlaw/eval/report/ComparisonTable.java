package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Comparison;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Table columns that show the conclusion of a comparison, and the difference that it could have
 * detected.
 */
final class ComparisonTable {
  /** Margin of equivalence for conclusions, in nats or as a fraction of 1. */
  private static final double MARGIN = 0.01;

  private ComparisonTable() {}

  /** Returns a table with columns for names, followed by those of the comparison. */
  static HtmlTable with(String... names) {
    HtmlTable table = new HtmlTable();
    Arrays.stream(names).forEach(table::words);
    return table
        .number("difference")
        .number("adjusted p")
        .words("conclusion")
        .number("detects")
        .number("differs by less than");
  }

  /** Adds a row. */
  static void row(HtmlTable table, Comparison c, String unit, Object... names) {
    List<Object> cells = new ArrayList<>(Arrays.asList(names));
    cells.add(Numbers.difference(c.difference()).lines());
    boolean tested = c.degreesOfFreedom() > 0;
    cells.add(tested ? Numbers.pValue(c.adjustedPValue()) : "–");
    cells.add(conclusion(c, unit));
    cells.add(tested ? Numbers.rounded(c.detectable()) : "–");
    cells.add(tested ? Numbers.rounded(c.equivalence()) : "–");
    table.row(cells.toArray());
  }

  /** Returns what a comparison shows, in a few words. */
  static String conclusion(Comparison c, String unit) {
    return c.degreesOfFreedom() == 0
        ? "seed noise unknown"
        : c.significant()
            ? "significant"
            : c.equivalentWithin(MARGIN)
                ? "equivalent within " + MARGIN + " " + unit
                : "too noisy to say";
  }

  /** The columns in words. */
  static String legend() {
    return "Adjusted p: the p-value after control of the false discovery rate over the comparisons"
        + " shown together (Benjamini–Hochberg); significant at 0.05 or below. Each interval is for"
        + " a single comparison. Detects: the smallest true difference that such a comparison"
        + " would find significant with 80 % power. Differs by less than: the margin within which"
        + " two one-sided tests at 5 % find no difference.";
  }
}
