package dev.mixlaw.eval.stats;

import java.util.Arrays;

/**
 * The singular values of a matrix, computed with one-sided Jacobi rotations (Hestenes 1958), which
 * are accurate even for small values.
 *
 * @param directions right singular vector of each singular value
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
public record SingularValues(double[] values, double[][] directions) {
  /**
   * Returns the singular values of a matrix.
   *
   * @param matrix matrix with n rows and p columns in row-major order; not modified
   */
  public static SingularValues of(double[] matrix, int n, int p) {
    // The column rotations also apply to an identity matrix below the rows.
    double[] a = Arrays.copyOf(matrix, (n + p) * p);
    for (int k = 0; k < p; k++) {
      a[(n + k) * p + k] = 1;
    }
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
          for (int i = 0; i < n + p; i++) {
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
    double[][] directions = new double[p][p];
    for (int k = 0; k < p; k++) {
      double square = 0;
      for (int i = 0; i < n; i++) {
        square += a[i * p + k] * a[i * p + k];
      }
      values[k] = Math.sqrt(square);
      for (int j = 0; j < p; j++) {
        directions[k][j] = a[(n + j) * p + k];
      }
    }
    return new SingularValues(values, directions);
  }
}
