package dev.mixlaw.eval.stats;

import dev.mixlaw.api.results.Estimate;
import java.util.function.DoublePredicate;

/**
 * The score interval for the probability p that two measurements rank a pair of items in the same
 * order. The estimate of p is computed from all pairs of n items.
 *
 * <p>Pairs that share an item are not independent. With p = (1 + tau) / 2, the variance is derived
 * from the variance of Kendall's tau in a bivariate normal population (Esscher 1924):
 *
 * <pre>
 * var(p) = (1 - 4·S1² + 2·(n - 2)·(1/9 - 4·S2²)) / (2·n·(n - 1))
 * S1 = p - 1/2,   S2 = asin(sin(π·S1) / 2) / π
 * </pre>
 *
 * <p>As in Wilson's interval, the estimate is 1.96 standard deviations away from each bound, where
 * the standard deviation is computed for p at the bound. Even a perfect ranking of a few items
 * therefore has an interval of nonzero width.
 */
public final class ConcordanceInterval {
  private static final double Z = 1.959963984540054;

  private ConcordanceInterval() {}

  /**
   * Returns an estimate with its 95 % interval.
   *
   * @param concordance share of pairs in the same order, from 0 to 1
   * @param items number of items, at least 2
   */
  public static Estimate of(double concordance, int items) {
    double low = bound(concordance, 0, p -> concordance - p > Z * deviation(p, items));
    double high = bound(concordance, 1, p -> p - concordance > Z * deviation(p, items));
    return Estimate.of(concordance, low, high);
  }

  /** Returns the bound of the interval on the side of {@code end}, which is 0 or 1. */
  private static double bound(double concordance, double end, DoublePredicate outside) {
    double out = end;
    double in = concordance;
    for (int i = 0; i < 60 && in != out; i++) {
      double middle = (out + in) / 2;
      if (outside.test(middle)) {
        out = middle;
      } else {
        in = middle;
      }
    }
    return in;
  }

  private static double deviation(double p, int n) {
    double s1 = Math.abs(p - 0.5);
    double s2 = Math.asin(Math.sin(Math.PI * s1) / 2) / Math.PI;
    double variance =
        (1 - 4 * s1 * s1 + 2 * (n - 2) * (1 / 9.0 - 4 * s2 * s2)) / (2.0 * n * (n - 1));
    return Math.sqrt(Math.max(0, variance));
  }
}
