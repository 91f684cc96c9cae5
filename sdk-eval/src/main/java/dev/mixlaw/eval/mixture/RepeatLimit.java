package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.Tokens;
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

  /** The largest share of a budget: share · budget &lt;= epochs · unique. */
  public double largestShare(Tokens budget) {
    return Math.min(1, epochs * unique.count() / budget.count());
  }
}
