package dev.mixlaw.eval.stats;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Spearman's rank correlation, which is the Pearson correlation of ranks. Tied values share their
 * mean rank.
 *
 * <p>The interval is based on Fisher's transformation atanh(rho), whose standard error is
 * <i>sqrt((1 + rho² / 2) / (n - 3))</i> (Bonett and Wright 2000, Psychometrika 65). As a continuity
 * correction, each bound is moved outward by <i>6 / (n³ - n)</i>, which is half a step of the
 * statistic. Without this correction, a perfect ranking of a few values would have an interval of
 * zero width.
 */
public final class RankCorrelation {
  private static final int FEWEST = 4;
  private static final double NORMAL_95 = 1.959964;

  private RankCorrelation() {}

  /**
   * Returns the correlation with its 95 % interval. There is no correlation for fewer than four
   * values, or if all values of x or all values of y are equal.
   */
  public static Answer<Estimate> estimate(double[] x, double[] y) {
    int n = x.length;
    if (n < FEWEST) {
      return refused("too few mixtures: " + n, "run at least " + FEWEST + " mixtures");
    }
    OptionalDouble coefficient = spearman(x, y);
    if (coefficient.isEmpty()) {
      return refused(
          (Arrays.stream(x).distinct().count() == 1 ? "the measure" : "the loss")
              + " is the same for all mixtures",
          "use mixtures that differ in this value");
    }
    double rho = Math.max(-1, Math.min(1, coefficient.getAsDouble()));
    double step = 6.0 / ((double) n * n * n - n);
    double error = NORMAL_95 * Math.sqrt((1 + rho * rho / 2) / (n - 3));
    return Answer.known(Estimate.of(rho, shifted(rho - step, -error), shifted(rho + step, error)));
  }

  private static Answer<Estimate> refused(String reason, String remedy) {
    return Answer.refused("rank correlation of words and losses", reason, remedy);
  }

  private static double shifted(double rho, double by) {
    return Math.abs(rho) >= 1
        ? Math.signum(rho)
        : Math.tanh(0.5 * Math.log((1 + rho) / (1 - rho)) + by);
  }

  /** Returns the correlation, or empty if all values of x or all values of y are equal. */
  public static OptionalDouble spearman(double[] x, double[] y) {
    double[] a = ranks(x);
    double[] b = ranks(y);
    double mean = (x.length + 1) / 2.0;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < a.length; i++) {
      xx += (a[i] - mean) * (a[i] - mean);
      yy += (b[i] - mean) * (b[i] - mean);
      xy += (a[i] - mean) * (b[i] - mean);
    }
    return xx > 0 && yy > 0 ? OptionalDouble.of(xy / Math.sqrt(xx * yy)) : OptionalDouble.empty();
  }

  /** Returns the ranks of values, from 1. Equal values share their mean rank. */
  static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int end = from;
      while (end < order.length && values[order[end]] == values[order[from]]) {
        end++;
      }
      double mean = (from + 1 + end) / 2.0;
      Arrays.stream(order, from, end).forEach(i -> ranks[i] = mean);
      from = end;
    }
    return ranks;
  }
}
