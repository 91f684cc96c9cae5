package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Comparison;
import java.util.Optional;
import java.util.function.Function;

/**
 * Table columns that show the conclusion of a comparison, and the difference that the comparison
 * could have detected.
 */
final class ComparisonTable {
  /** Margin within which a conclusion is "equivalent", in nats or as a fraction of 1. */
  private static final double MARGIN = 0.01;

  private ComparisonTable() {}

  /** Adds the columns of a comparison to a table. */
  static <T> HtmlTable<T> with(HtmlTable<T> table, String unit, Function<T, Comparison> of) {
    return table
        .number("difference", t -> Numbers.difference(of.apply(t).difference()).lines())
        .number("adjusted p", t -> tested(of.apply(t)).map(c -> Numbers.pValue(c.adjustedPValue())))
        .words("conclusion", t -> conclusion(of.apply(t), unit))
        .number("detects", t -> tested(of.apply(t)).map(c -> Numbers.rounded(c.detectable())))
        .number(
            "differs by less than",
            t -> tested(of.apply(t)).map(c -> Numbers.rounded(c.equivalence())));
  }

  private static Optional<Comparison> tested(Comparison comparison) {
    return Optional.of(comparison).filter(c -> c.degreesOfFreedom() > 0);
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

  /** Returns an explanation of the columns. */
  static String legend() {
    return "Adjusted p: the p-value after control of the false discovery rate over the comparisons"
        + " shown together (Benjamini–Hochberg); significant at 0.05 or below. Each interval is for"
        + " a single comparison. Detects: the smallest true difference that such a comparison would"
        + " find significant with 80 % power. Differs by less than: the margin within which two"
        + " one-sided tests at 5 % show that the losses are equivalent.";
  }
}
