package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Tokens;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How often a corpus may be gone through.
 *
 * @param unique tokens it has
 * @param epochs most times each of them may be trained on; above 0
 */
public record RepeatLimit(Tokens unique, double epochs) {
  public RepeatLimit {
    Objects.requireNonNull(unique, "unique");
    if (!(epochs > 0) || Double.isInfinite(epochs)) {
      throw new IllegalArgumentException("epochs: " + epochs + "; needed: finite and above 0");
    }
  }

  /**
   * Of every corpus that a study trained on and whose tokens are known, less a hundredth of them,
   * as runs are made of whole sequences.
   *
   * @param epochs most times each token may be trained on, as {@code Study.maxRepeats}
   */
  public static Map<String, RepeatLimit> of(Provenance provenance, double epochs) {
    Map<String, RepeatLimit> limits = new LinkedHashMap<>();
    for (TextFacts corpus : provenance.corpora()) {
      long unique = (long) (0.99 * corpus.tokens());
      if (unique > 0) {
        limits.put(corpus.name(), new RepeatLimit(Tokens.tokens(unique), epochs));
      }
    }
    return limits;
  }

  /** The largest share of a budget: share · budget &lt;= epochs · unique. */
  public double largestShare(Tokens budget) {
    return Math.min(1, epochs * unique.count() / budget.count());
  }
}
