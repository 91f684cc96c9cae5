package dev.mixlaw.eval.law.internal;

import dev.mixlaw.api.results.Interval;
import java.util.Arrays;

/** Intervals of draws. */
public final class Quantiles {
  private Quantiles() {}

  /** From the 2.5th to the 97.5th percentile, linear between order statistics. */
  public static Interval interval95(double[] draws) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    return new Interval(at(sorted, 0.025), at(sorted, 0.975));
  }

  static double at(double[] sorted, double probability) {
    double place = probability * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    double low = sorted[below];
    double high = sorted[above];
    double part = place - below;
    return low == high || part == 0 ? low : low + part * (high - low);
  }
}
