package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import java.util.Arrays;

/**
 * Spearman's rank correlation: Pearson's of ranks, equal values sharing the mean of their ranks.
 *
 * <p>Interval: Fisher's transformation, atanh, of it has a standard error of <i>sqrt((1 + rho² / 2)
 * / (n - 3))</i> (Bonett and Wright 2000, Psychometrika 65); each bound is taken half a step of the
 * statistic further out (<i>6 / (n³ - n)</i>, the usual correction for continuity), without which a
 * perfect order of a few would seem certain.
 */
final class RankCorrelation {
  private static final int FEWEST = 4;
  private static final double NORMAL_95 = 1.959964;

  private RankCorrelation() {}

  /** Of two figures of the same things. */
  static Answer<Estimate> of(double[] x, double[] y) {
    int n = x.length;
    if (n < FEWEST) {
      return refused("too few mixtures: " + n, "at least " + FEWEST + " mixtures");
    }
    double[] a = ranks(x);
    double[] b = ranks(y);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    double mean = (n + 1) / 2.0;
    for (int i = 0; i < n; i++) {
      xx += (a[i] - mean) * (a[i] - mean);
      yy += (b[i] - mean) * (b[i] - mean);
      xy += (a[i] - mean) * (b[i] - mean);
    }
    if (xx == 0 || yy == 0) {
      return refused(
          (xx == 0 ? "the figure" : "the loss") + " is the same for all mixtures",
          "mixtures that differ in it");
    }
    double rho = Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
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

  /** From 1; equal values share the mean of theirs. */
  static double[] ranks(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] ranks = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      long below = Arrays.stream(sorted).filter(v -> v < value).count();
      long equal = Arrays.stream(sorted).filter(v -> v == value).count();
      ranks[i] = below + (equal + 1) / 2.0;
    }
    return ranks;
  }
}
