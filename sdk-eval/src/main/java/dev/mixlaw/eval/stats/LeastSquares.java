package dev.mixlaw.eval.stats;

import java.util.Optional;

/** Linear least squares by Householder reflections (Golub 1965). */
public final class LeastSquares {
  /** Smallest part of a column's length that is orthogonal to the earlier columns. */
  private static final double DEPENDENT = 1e-9;

  private LeastSquares() {}

  /**
   * Returns the x that minimizes |A·x - b|, or empty if the columns of A are linearly dependent.
   *
   * @param rows A, row by row; not changed
   * @param right b; not changed
   */
  public static Optional<double[]> solve(double[][] rows, double[] right) {
    int n = rows.length;
    int m = rows[0].length;
    if (n < m) {
      return Optional.empty();
    }
    double[][] a = new double[n][];
    for (int i = 0; i < n; i++) {
      a[i] = rows[i].clone();
    }
    double[] b = right.clone();
    double[] diagonal = new double[m];
    for (int k = 0; k < m; k++) {
      double whole = norm(a, k, 0);
      double rest = norm(a, k, k);
      if (!(rest > DEPENDENT * whole)) {
        return Optional.empty();
      }
      diagonal[k] = a[k][k] > 0 ? -rest : rest;
      a[k][k] -= diagonal[k];
      double scale = -1 / (diagonal[k] * a[k][k]);
      for (int j = k + 1; j < m; j++) {
        double product = 0;
        for (int i = k; i < n; i++) {
          product += a[i][k] * a[i][j];
        }
        for (int i = k; i < n; i++) {
          a[i][j] -= scale * product * a[i][k];
        }
      }
      double product = 0;
      for (int i = k; i < n; i++) {
        product += a[i][k] * b[i];
      }
      for (int i = k; i < n; i++) {
        b[i] -= scale * product * a[i][k];
      }
    }
    double[] x = new double[m];
    for (int k = m - 1; k >= 0; k--) {
      double sum = b[k];
      for (int j = k + 1; j < m; j++) {
        sum -= a[k][j] * x[j];
      }
      x[k] = sum / diagonal[k];
    }
    return Optional.of(x);
  }

  private static double norm(double[][] a, int column, int from) {
    double sum = 0;
    for (int i = from; i < a.length; i++) {
      sum += a[i][column] * a[i][column];
    }
    return Math.sqrt(sum);
  }
}
