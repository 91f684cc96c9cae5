package dev.mixlaw.eval.stats;

import java.util.Arrays;

/**
 * The QR factorization A = Q·R by the Gram–Schmidt process with reorthogonalization. A column that
 * depends linearly on earlier columns is left out.
 */
public final class GramSchmidt {
  /**
   * Smallest part of a column's length that is orthogonal to the others, for a condition number of
   * about 1e8.
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
   * @param a matrix, row by row; the array is not changed, and may be longer than rows · columns
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

  /** Returns whether the columns are linearly independent. */
  public boolean independent() {
    return independent;
  }

  /**
   * Returns Rᵀ, the Cholesky factor of AᵀA: a lower triangle, row by row. The array is not a copy.
   */
  public double[] rTransposed() {
    return rTransposed;
  }

  /** Returns the residuals of a linear least-squares fit of the columns to a vector. */
  public double[] residuals(double[] vector) {
    double[] rest = vector.clone();
    for (int k = 0; k < columns; k++) {
      double along = 0;
      for (int i = 0; i < rows; i++) {
        along += q[i * columns + k] * rest[i];
      }
      for (int i = 0; i < rows; i++) {
        rest[i] -= along * q[i * columns + k];
      }
    }
    return rest;
  }
}
