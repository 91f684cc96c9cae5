package dev.mixlaw.eval.stats;

import java.util.Arrays;
import java.util.Comparator;

/** Control of the false discovery rate over several tests (Benjamini and Hochberg 1995). */
public final class FalseDiscoveryRate {
  private FalseDiscoveryRate() {}

  /**
   * Returns the adjusted p-values. At a false discovery rate of 5 %, a test is a discovery if its
   * adjusted p-value is at most 0.05.
   *
   * @param p p-values in any order; not changed
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
