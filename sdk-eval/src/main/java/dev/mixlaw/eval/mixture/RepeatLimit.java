package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Tokens;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A limit on the repeats of a corpus.
 *
 * @param unique number of its distinct tokens
 * @param epochs largest number of times each token may be trained on; finite and above 0
 */
public record RepeatLimit(Tokens unique, double epochs) {
  public RepeatLimit {
    Objects.requireNonNull(unique, "unique");
    if (!(epochs > 0) || Double.isInfinite(epochs)) {
      throw new IllegalArgumentException(
          "epochs: " + epochs + "; expected a finite number above 0");
    }
  }

  /**
   * Returns limits for every corpus of a study whose token count is known. One percent of the
   * tokens is subtracted, because runs consist of whole sequences.
   *
   * @param epochs largest number of times each token may be trained on, as in {@code
   *     Study.maxRepeats}
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

  /** Returns the largest share of a budget that satisfies share · budget &lt;= epochs · unique. */
  public double largestShare(Tokens budget) {
    return Math.min(1, epochs * unique.count() / budget.count());
  }
}
