package dev.mixlaw.eval.stats;

/**
 * Singular values by one-sided Jacobi rotations (Hestenes 1958), which are accurate for small
 * values too.
 */
public final class SingularValues {
  private SingularValues() {}

  /**
   * Returns the singular values of a matrix, in no particular order.
   *
   * @param a matrix of n rows and p columns, row by row; overwritten
   */
  public static double[] of(double[] a, int n, int p) {
    for (int sweep = 0; sweep < 60; sweep++) {
      boolean rotated = false;
      for (int j = 0; j < p; j++) {
        for (int k = j + 1; k < p; k++) {
          double jj = 0;
          double kk = 0;
          double jk = 0;
          for (int i = 0; i < n; i++) {
            double x = a[i * p + j];
            double y = a[i * p + k];
            jj += x * x;
            kk += y * y;
            jk += x * y;
          }
          if (Math.abs(jk) <= 1e-15 * Math.sqrt(jj * kk)) {
            continue;
          }
          rotated = true;
          double zeta = (kk - jj) / (2 * jk);
          double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
          double c = 1 / Math.sqrt(1 + t * t);
          double s = c * t;
          for (int i = 0; i < n; i++) {
            double x = a[i * p + j];
            double y = a[i * p + k];
            a[i * p + j] = c * x - s * y;
            a[i * p + k] = s * x + c * y;
          }
        }
      }
      if (!rotated) {
        break;
      }
    }
    double[] values = new double[p];
    for (int k = 0; k < p; k++) {
      double square = 0;
      for (int i = 0; i < n; i++) {
        square += a[i * p + k] * a[i * p + k];
      }
      values[k] = Math.sqrt(square);
    }
    return values;
  }
}
