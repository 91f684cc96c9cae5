package dev.mixlaw.eval.stats;

/**
 * Cholesky factorization A = L·Lᵀ of a symmetric positive definite matrix, stored row by row in an
 * array of n·n numbers. Only the lower triangle is read and written.
 */
public final class Cholesky {
  /**
   * Smallest ratio of a pivot to its diagonal element. A smaller pivot consists only of rounding
   * errors.
   */
  private static final double SMALLEST_PIVOT = 1e-15;

  private Cholesky() {}

  /**
   * Replaces the lower triangle of A with L.
   *
   * @return false if A is not positive definite; the contents of the array are then undefined
   */
  public static boolean factor(double[] a, int n) {
    return factor(a, n, 0);
  }

  /**
   * Replaces the lower triangle of A with L. Pivots below the floor are raised to the floor, so
   * that matrices that are singular up to rounding errors can be factored.
   *
   * @param floor smallest pivot, above 0
   */
  public static void factorWithFloor(double[] a, int n, double floor) {
    factor(a, n, floor);
  }

  private static boolean factor(double[] a, int n, double floor) {
    for (int i = 0; i < n; i++) {
      for (int k = 0; k <= i; k++) {
        double sum = a[i * n + k];
        for (int m = 0; m < k; m++) {
          sum -= a[i * n + m] * a[k * n + m];
        }
        if (k < i) {
          a[i * n + k] = sum / a[k * n + k];
        } else if (floor > 0) {
          a[i * n + i] = Math.sqrt(Math.max(sum, floor));
        } else if (sum > SMALLEST_PIVOT * a[i * n + i] && !Double.isInfinite(sum)) {
          a[i * n + i] = Math.sqrt(sum);
        } else {
          return false;
        }
      }
    }
    return true;
  }

  /** Solves L·Lᵀ·x = b and overwrites b with x. */
  public static void solve(double[] l, int n, double[] b) {
    solveLower(l, n, b);
    for (int i = n - 1; i >= 0; i--) {
      double sum = b[i];
      for (int m = i + 1; m < n; m++) {
        sum -= l[m * n + i] * b[m];
      }
      b[i] = sum / l[i * n + i];
    }
  }

  public static void solveLower(double[] l, int n, double[] b) {
    for (int i = 0; i < n; i++) {
      double sum = b[i];
      for (int m = 0; m < i; m++) {
        sum -= l[i * n + m] * b[m];
      }
      b[i] = sum / l[i * n + i];
    }
  }
}
