package dev.mixlaw.eval.stats;

import dev.mixlaw.api.results.Interval;
import java.util.Arrays;

public final class Quantiles {
  private Quantiles() {}

  /**
   * Returns the interval from the 2.5th to the 97.5th percentile.
   *
   * @param draws at least one value, in any order; not modified
   */
  public static Interval interval95(double[] draws) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    return new Interval(at(sorted, 0.025), at(sorted, 0.975));
  }

  /**
   * Returns a quantile of a sorted sample.
   *
   * @param sorted at least one value, in ascending order
   * @param probability probability from 0 to 1
   */
  public static double at(double[] sorted, double probability) {
    double position = probability * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    double low = sorted[below];
    double high = sorted[above];
    double fraction = position - below;
    return low == high || fraction == 0 ? low : low + fraction * (high - low);
  }
}
