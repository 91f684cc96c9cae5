package dev.mixlaw.eval.stats;

import java.util.SplittableRandom;

/**
 * Resamples of a domain's documents with replacement: the same number of documents and seed give
 * the same resamples, so that models measured on the same documents can be compared in pairs.
 */
public final class DocumentBootstrap {
  /** Resamples that intervals are percentiles of. */
  public static final int RESAMPLES = 1000;

  /** A document is drawn about once in a resample; 128 times has a chance of 1e-216. */
  private final byte[][] times;

  /**
   * Draws.
   *
   * @param documents that the domain has
   */
  public DocumentBootstrap(int documents, int resamples, long seed) {
    times = new byte[resamples][documents];
    for (int r = 0; r < resamples; r++) {
      SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + r);
      for (int i = 0; i < documents; i++) {
        times[r][random.nextInt(documents)]++;
      }
    }
  }

  /** The sum of each resample. */
  public double[] sums(double[] byDocument) {
    double[] sums = new double[times.length];
    for (int r = 0; r < times.length; r++) {
      double sum = 0;
      byte[] t = times[r];
      for (int i = 0; i < t.length; i++) {
        sum += t[i] * byDocument[i];
      }
      sums[r] = sum;
    }
    return sums;
  }
}
