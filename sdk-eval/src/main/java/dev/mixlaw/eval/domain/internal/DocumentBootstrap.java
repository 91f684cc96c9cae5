package dev.mixlaw.eval.domain.internal;

import dev.mixlaw.api.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Resamples of a domain's documents with replacement: the same number of documents and seed give
 * the same resamples, so that models measured on the same documents can be compared in pairs.
 */
public final class DocumentBootstrap {
  /** Resamples that intervals are percentiles of. */
  public static final int RESAMPLES = 1000;

  private final int[][] times;

  /**
   * Draws.
   *
   * @param documents that the domain has
   */
  public DocumentBootstrap(int documents, int resamples, long seed) {
    times = new int[resamples][documents];
    for (int r = 0; r < resamples; r++) {
      SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + r);
      for (int i = 0; i < documents; i++) {
        times[r][random.nextInt(documents)]++;
      }
    }
  }

  /** How often each document is drawn, by resample: a document's number of times. */
  public double[] sums(double[] byDocument) {
    double[] sums = new double[times.length];
    for (int r = 0; r < times.length; r++) {
      double sum = 0;
      int[] t = times[r];
      for (int i = 0; i < t.length; i++) {
        sum += t[i] * byDocument[i];
      }
      sums[r] = sum;
    }
    return sums;
  }

  /**
   * Ratio of sums in each resample. A resample that drew nothing to divide by (only empty
   * documents) takes the ratio of all documents.
   */
  public double[] ratios(double[] numerators, double[] denominators) {
    double all = Arrays.stream(numerators).sum() / Arrays.stream(denominators).sum();
    double[] ratios = sums(numerators);
    double[] below = sums(denominators);
    for (int r = 0; r < ratios.length; r++) {
      ratios[r] = below[r] > 0 ? ratios[r] / below[r] : all;
    }
    return ratios;
  }

  /** The middle 95 % of draws. */
  public static Interval interval95(double[] draws) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    return new Interval(quantile(sorted, 0.025), quantile(sorted, 0.975));
  }

  /** Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). */
  private static double quantile(double[] sorted, double p) {
    double at = p * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
