package dev.mixlaw.eval.law.internal;

import dev.mixlaw.eval.law.Objective;

/** How well the data determine the parameters near a fit. */
public final class Conditioning {
  /** Relative change of the loss by a parameter's own size, below which it changes nothing. */
  private static final double NOTHING = 1e-7;

  private Conditioning() {}

  /**
   * Condition number of the residuals' Jacobian by the solver's coordinates, columns scaled to
   * length 1: largest over smallest singular value. Infinite where a parameter changes next to
   * nothing: its term vanished, and any value would do.
   */
  public static double of(Space space, Rows rows, Objective objective, double[] u) {
    State state = new State(space, objective);
    state.move(rows, u);
    int p = space.dimension;
    double[] a = new double[rows.count * p];
    for (int k = 0; k < p; k++) {
      double square = 0;
      double most = 0;
      for (int i = 0; i < rows.count; i++) {
        double d = state.jacobian[i * p + k];
        square += d * d;
        most = Math.max(most, Math.abs(objective == Objective.HUBER_LOG ? d : d / rows.losses[i]));
      }
      if (!(most > NOTHING)) {
        return Double.POSITIVE_INFINITY;
      }
      double unit = 1 / Math.sqrt(square);
      for (int i = 0; i < rows.count; i++) {
        a[i * p + k] = state.jacobian[i * p + k] * unit;
      }
    }
    double[] singular = singularValues(a, rows.count, p);
    double most = 0;
    double least = Double.POSITIVE_INFINITY;
    for (double s : singular) {
      most = Math.max(most, s);
      least = Math.min(least, s);
    }
    return least > 0 ? most / least : Double.POSITIVE_INFINITY;
  }

  /** One-sided Jacobi rotations (Hestenes 1958): small singular values keep their digits. */
  private static double[] singularValues(double[] a, int n, int p) {
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
