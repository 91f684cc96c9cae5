package dev.mixlaw.eval.law.internal;

import java.util.Arrays;

/** A = Q·R, by Gram and Schmidt twice over; a column that says nothing of its own is left out. */
final class Orthogonal {
  /** Part of a column's length that must be left beside the others: condition 1e8, about. */
  private static final double INDEPENDENT = 1e-8;

  private final int rows;
  private final int columns;
  private final double[] q;
  private final double[] r;
  private boolean independent = true;

  /**
   * Decomposes.
   *
   * @param a {@code [rows, columns]} and perhaps more; not changed
   */
  Orthogonal(double[] a, int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    q = Arrays.copyOf(a, rows * columns);
    r = new double[columns * columns];
    for (int k = 0; k < columns; k++) {
      double whole = Math.sqrt(dot(k, k));
      for (int again = 0; again < 2; again++) {
        for (int j = 0; j < k; j++) {
          double along = dot(j, k);
          r[j * columns + k] += along;
          for (int i = 0; i < rows; i++) {
            q[i * columns + k] -= along * q[i * columns + j];
          }
        }
      }
      double left = Math.sqrt(dot(k, k));
      boolean own = left > INDEPENDENT * whole;
      independent &= own;
      r[k * columns + k] = left;
      for (int i = 0; i < rows; i++) {
        q[i * columns + k] = own ? q[i * columns + k] / left : 0;
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

  /** Whether every column says something of its own. */
  boolean independent() {
    return independent;
  }

  /** Upper triangle, row-major. */
  double[] r() {
    return r;
  }

  /** What the columns leave of a vector: the residuals of a linear least-squares fit to it. */
  double[] rest(double[] vector) {
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
