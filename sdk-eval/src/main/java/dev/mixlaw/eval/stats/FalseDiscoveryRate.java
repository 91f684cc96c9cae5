package dev.mixlaw.eval.stats;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The procedure of Benjamini and Hochberg (1995), which controls the false discovery rate of
 * several tests.
 */
public final class FalseDiscoveryRate {
  private FalseDiscoveryRate() {}

  /**
   * Returns the adjusted p-values. Tests with an adjusted p-value of at most 0.05 are discoveries
   * at a false discovery rate of 5 %.
   *
   * @param p p-values in any order; not modified
   */
  public static double[] adjusted(double[] p) {
    int n = p.length;
    Integer[] descending = new Integer[n];
    Arrays.setAll(descending, i -> i);
    Arrays.sort(descending, Comparator.comparingDouble((Integer i) -> p[i]).reversed());
    double[] adjusted = new double[n];
    double least = 1;
    for (int k = 0; k < n; k++) {
      least = Math.min(least, p[descending[k]] * n / (n - k));
      adjusted[descending[k]] = least;
    }
    return adjusted;
  }
}
