package dev.mixlaw.eval.stats;

import java.util.SplittableRandom;

/**
 * Bootstrap resamples of documents. The same number of documents and seed give the same resamples,
 * so comparisons of models on the same documents are paired.
 */
public final class DocumentBootstrap {
  /** Default number of resamples. */
  public static final int RESAMPLES = 1000;

  /** How often each resample has each document; 128 times or more has a probability of 1e-216. */
  private final byte[][] times;

  /**
   * Draws the resamples.
   *
   * @param documents number of documents
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

  /** Returns the sum of each resample. */
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
