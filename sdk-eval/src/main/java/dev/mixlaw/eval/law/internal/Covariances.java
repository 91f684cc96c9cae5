package dev.mixlaw.eval.law.internal;

import dev.mixlaw.eval.law.Covariance;
import dev.mixlaw.eval.law.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The covariance of parameters at an optimum: formula and source at {@link Covariance}. */
final class Covariances {
  /** Part of a column's length that must be left beside the others: condition 1e8, about. */
  private static final double INDEPENDENT = 1e-8;

  private static final int STEPS = 400;

  private Covariances() {}

  /** Empty where the data do not tell the parameters apart. */
  static Optional<Covariance> of(
      Space space, Rows rows, Objective objective, double[] u, double noise) {
    int p = space.dimension;
    State state = new State(space, objective);
    state.move(rows, u);
    double[] r = new double[p * p];
    if (!triangular(Arrays.copyOf(state.jacobian, rows.count * p), rows.count, p, r)) {
      return Optional.empty();
    }
    double variance =
        noise * noise * (objective == Objective.HUBER_LOG ? cost(Objective.DELTA / noise) : 1);
    double[] parameters = space.parameters(u);
    double[][] matrix = new double[p][p];
    List<String> names = new ArrayList<>();
    for (int k = 0; k < p; k++) {
      names.add(space.parameter(k).name());
      double[] column = new double[p];
      column[k] = 1;
      Cholesky.solve(r, p, column);
      for (int j = 0; j < p; j++) {
        matrix[j][k] =
            variance * column[j] * stretch(space, parameters, j) * stretch(space, parameters, k);
      }
    }
    return Optional.of(new Covariance(names, matrix));
  }

  /** Derivative of a parameter by its coordinate. */
  private static double stretch(Space space, double[] parameters, int k) {
    return space.logarithmic[k] ? parameters[space.parameter[k]] : 1;
  }

  /** R of A = Q·R, by Gram and Schmidt twice over; false if a column says nothing of its own. */
  private static boolean triangular(double[] a, int n, int p, double[] r) {
    for (int k = 0; k < p; k++) {
      double whole = Math.sqrt(dot(a, n, p, k, k));
      for (int again = 0; again < 2; again++) {
        for (int j = 0; j < k; j++) {
          double along = dot(a, n, p, j, k);
          r[j * p + k] += along;
          for (int i = 0; i < n; i++) {
            a[i * p + k] -= along * a[i * p + j];
          }
        }
      }
      double left = Math.sqrt(dot(a, n, p, k, k));
      if (!(left > INDEPENDENT * whole)) {
        return false;
      }
      r[k * p + k] = left;
      for (int i = 0; i < n; i++) {
        a[i * p + k] /= left;
      }
    }
    return true;
  }

  private static double dot(double[] a, int n, int p, int j, int k) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += a[i * p + j] * a[i * p + k];
    }
    return sum;
  }

  /** What the Huber loss with this threshold, in standard deviations, costs in variance. */
  static double cost(double threshold) {
    if (!(threshold < 8)) {
      return 1;
    }
    double inside = 0; // 2Φ(k) - 1, by Simpson's rule
    double h = threshold / STEPS;
    for (int i = 0; i <= STEPS; i++) {
      inside += (i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2) * 2 * density(i * h) * h / 3;
    }
    double square =
        inside - 2 * threshold * density(threshold) + threshold * threshold * (1 - inside);
    return square / (inside * inside);
  }

  private static double density(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }
}
