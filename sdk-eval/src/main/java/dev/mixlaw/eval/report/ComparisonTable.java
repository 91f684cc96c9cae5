package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Comparison;
import java.util.Optional;
import java.util.function.Function;

/**
 * The table columns that show the conclusion of a comparison and its smallest detectable
 * difference.
 */
final class ComparisonTable {
  /** Margin within which mixtures are called equivalent, in nats or as a fraction of 1. */
  private static final double MARGIN = 0.01;

  private ComparisonTable() {}

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

  static String conclusion(Comparison c, String unit) {
    return c.degreesOfFreedom() == 0
        ? "seed noise unknown"
        : c.significant()
            ? "significant"
            : c.equivalentWithin(MARGIN)
                ? "equivalent within " + MARGIN + " " + unit
                : "too noisy to say";
  }

  static String legend() {
    return "Adjusted p: the p-value after control of the false discovery rate over the comparisons"
        + " shown together (Benjamini–Hochberg); significant at 0.05 or below. Each interval is for"
        + " a single comparison. Detects: the smallest true difference that such a comparison would"
        + " find significant with 80 % power. Differs by less than: the margin within which two"
        + " one-sided tests at 5 % show that the losses are equivalent.";
  }
}
