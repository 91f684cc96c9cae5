package dev.mixlaw.eval.stats;

import dev.mixlaw.api.internal.Hashing;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A bootstrap over documents. The number of documents and the seed determine the resamples, so
 * comparisons of models on the same documents are paired.
 */
public record DocumentBootstrap(int documents, int resamples, long seed) {
  public static final int RESAMPLES = 1000;

  /**
   * Returns the sums over each resample. Each call draws the same resamples again instead of
   * storing them, so pass all columns in one call if possible.
   *
   * @param columns values of each quantity, one value per document
   * @return {@code [columns][resamples]}
   */
  public double[][] sums(double[]... columns) {
    double[][] sums = new double[columns.length][resamples];
    int[] times = new int[documents];
    for (int r = 0; r < resamples; r++) {
      SplittableRandom random = new SplittableRandom(seed * Hashing.GOLDEN_GAMMA + r);
      Arrays.fill(times, 0);
      for (int i = 0; i < documents; i++) {
        times[random.nextInt(documents)]++;
      }
      for (int c = 0; c < columns.length; c++) {
        double[] column = columns[c];
        double sum = 0;
        for (int i = 0; i < documents; i++) {
          sum += times[i] * column[i];
        }
        sums[c][r] = sum;
      }
    }
    return sums;
  }
}
