package dev.mixlaw.eval.law.internal;

/** Factors and solves small symmetric positive definite systems; upper triangle, row-major. */
final class Cholesky {
  private Cholesky() {}

  /** Replaces the upper triangle by R with Rᵀ·R = A; false if A is not positive definite. */
  static boolean factor(double[] a, int n) {
    for (int j = 0; j < n; j++) {
      double d = a[j * n + j];
      for (int i = 0; i < j; i++) {
        d -= a[i * n + j] * a[i * n + j];
      }
      // Relative to what it was: lost digits are not a pivot.
      if (!(d > 1e-15 * a[j * n + j]) || Double.isInfinite(d)) {
        return false;
      }
      double root = Math.sqrt(d);
      a[j * n + j] = root;
      for (int k = j + 1; k < n; k++) {
        double s = a[j * n + k];
        for (int i = 0; i < j; i++) {
          s -= a[i * n + j] * a[i * n + k];
        }
        a[j * n + k] = s / root;
      }
    }
    return true;
  }

  /** Solves in place. */
  static void solve(double[] r, int n, double[] b) {
    for (int j = 0; j < n; j++) {
      double s = b[j];
      for (int i = 0; i < j; i++) {
        s -= r[i * n + j] * b[i];
      }
      b[j] = s / r[j * n + j];
    }
    for (int j = n - 1; j >= 0; j--) {
      double s = b[j];
      for (int k = j + 1; k < n; k++) {
        s -= r[j * n + k] * b[k];
      }
      b[j] = s / r[j * n + j];
    }
  }
}
