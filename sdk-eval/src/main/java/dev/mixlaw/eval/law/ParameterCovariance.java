package dev.mixlaw.eval.law;

import dev.mixlaw.eval.stats.Cholesky;
import dev.mixlaw.eval.stats.GramSchmidt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The covariance of parameters at an optimum: formula and source at {@link Covariance}. */
final class ParameterCovariance {
  private static final int STEPS = 400;

  private ParameterCovariance() {}

  /** Empty where the data do not tell the parameters apart. */
  static Optional<Covariance> of(
      ParameterSpace space, FitData rows, Objective objective, double[] u, double noise) {
    int p = space.dimension;
    ObjectiveEvaluation state = new ObjectiveEvaluation(space, objective);
    state.move(rows, u);
    GramSchmidt columns = new GramSchmidt(state.jacobian, rows.count, p);
    if (!columns.independent()) {
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
      Cholesky.solve(columns.rTransposed(), p, column);
      for (int j = 0; j < p; j++) {
        matrix[j][k] =
            variance * column[j] * stretch(space, parameters, j) * stretch(space, parameters, k);
      }
    }
    return Optional.of(new Covariance(names, matrix));
  }

  /** Derivative of a parameter by its coordinate. */
  private static double stretch(ParameterSpace space, double[] parameters, int k) {
    return space.logarithmic[k] ? parameters[space.parameter[k]] : 1;
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
