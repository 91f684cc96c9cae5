package dev.mixlaw.eval.stats;

import java.util.Arrays;
import java.util.Optional;

/**
 * The QR factorization A = Q·R by the Gram–Schmidt process with reorthogonalization. Columns that
 * depend linearly on earlier columns are omitted.
 */
public final class GramSchmidt {
  /**
   * Smallest fraction of a column's length that must be orthogonal to the earlier columns. The
   * value corresponds to a condition number of about 1e8.
   */
  private static final double INDEPENDENT = 1e-8;

  private final int rows;
  private final int columns;
  private final double[] q;
  private final double[] rTransposed;
  private boolean independent = true;

  /**
   * Factors a matrix.
   *
   * @param a matrix in row-major order; not modified and possibly longer than rows · columns
   */
  public GramSchmidt(double[] a, int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    q = Arrays.copyOf(a, rows * columns);
    rTransposed = new double[columns * columns];
    for (int k = 0; k < columns; k++) {
      double whole = Math.sqrt(dot(k, k));
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < k; j++) {
          double along = dot(j, k);
          rTransposed[k * columns + j] += along;
          for (int i = 0; i < rows; i++) {
            q[i * columns + k] -= along * q[i * columns + j];
          }
        }
      }
      double rest = Math.sqrt(dot(k, k));
      boolean own = rest > INDEPENDENT * whole;
      independent &= own;
      rTransposed[k * columns + k] = rest;
      for (int i = 0; i < rows; i++) {
        q[i * columns + k] = own ? q[i * columns + k] / rest : 0;
      }
    }
  }

  private double dot(int j, int k) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      sum += q[i * columns + j] * q[i * columns + k];
    }
    return sum;
  }

  public boolean independent() {
    return independent;
  }

  /**
   * Returns Rᵀ, the Cholesky factor of AᵀA, as a lower triangle in row-major order. The array is
   * not a copy.
   */
  public double[] rTransposed() {
    return rTransposed;
  }

  /**
   * Returns the x that minimizes |A·x - b|, or empty if the columns of A are linearly dependent.
   *
   * @param rows rows of A; not modified
   * @param right b; not modified
   */
  public static Optional<double[]> leastSquares(double[][] rows, double[] right) {
    double[] a = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    GramSchmidt qr = new GramSchmidt(a, rows.length, rows[0].length);
    return rows.length >= qr.columns && qr.independent
        ? Optional.of(qr.solve(right))
        : Optional.empty();
  }

  private double[] solve(double[] right) {
    double[] x = new double[columns];
    double[] rest = right.clone();
    for (int k = 0; k < columns; k++) {
      x[k] = removed(rest, k);
    }
    for (int k = columns - 1; k >= 0; k--) {
      for (int j = k + 1; j < columns; j++) {
        x[k] -= rTransposed[j * columns + k] * x[j];
      }
      x[k] /= rTransposed[k * columns + k];
    }
    return x;
  }

  /**
   * Subtracts the component of a vector along a column of Q, and returns the length of the
   * component.
   */
  private double removed(double[] vector, int k) {
    double along = 0;
    for (int i = 0; i < rows; i++) {
      along += q[i * columns + k] * vector[i];
    }
    for (int i = 0; i < rows; i++) {
      vector[i] -= along * q[i * columns + k];
    }
    return along;
  }

  /** Returns the residuals of a linear least-squares fit of the columns to a vector. */
  public double[] residuals(double[] vector) {
    double[] rest = vector.clone();
    for (int k = 0; k < columns; k++) {
      removed(rest, k);
    }
    return rest;
  }
}
