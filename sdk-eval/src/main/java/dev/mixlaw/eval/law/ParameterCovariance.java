package dev.mixlaw.eval.law;

import dev.mixlaw.eval.stats.Cholesky;
import dev.mixlaw.eval.stats.GramSchmidt;
import dev.mixlaw.eval.stats.StudentT;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Computes the covariance of the parameters at an optimum; see {@link LawFit#covariance}. */
final class ParameterCovariance {
  private ParameterCovariance() {}

  /** Returns the covariance, or empty if the data do not identify the parameters. */
  static Optional<Map<String, Map<String, Double>>> of(
      ParameterSpace all, FitData rows, Criterion criterion, double[] parameters, double noise) {
    ParameterSpace space = all.around(parameters);
    int p = space.dimension;
    ObjectiveEvaluation state = new ObjectiveEvaluation(space, criterion);
    state.move(rows, space.coordinates(parameters), criterion);
    GramSchmidt columns = new GramSchmidt(state.jacobian, rows.count, p);
    if (!columns.independent()) {
      return Optional.empty();
    }
    double variance =
        noise * noise * (criterion.logarithmic() ? relativeVariance(criterion.delta() / noise) : 1);
    Map<String, Map<String, Double>> matrix = new LinkedHashMap<>();
    for (int k = 0; k < p; k++) {
      double[] column = new double[p];
      column[k] = 1;
      Cholesky.solve(columns.rTransposed(), p, column);
      for (int j = 0; j < p; j++) {
        matrix
            .computeIfAbsent(space.parameter(j).name(), name -> new LinkedHashMap<>())
            .put(
                space.parameter(k).name(),
                variance
                    * column[j]
                    * space.derivative(parameters, j)
                    * space.derivative(parameters, k));
      }
    }
    return Optional.of(matrix);
  }

  /**
   * Returns the asymptotic variance of the Huber estimator relative to least squares for normal
   * noise.
   *
   * @param threshold threshold of the Huber loss, in standard deviations
   */
  static double relativeVariance(double threshold) {
    if (!(threshold < 8)) {
      return 1;
    }
    double inside = 1 - StudentT.twoSided(threshold, Double.POSITIVE_INFINITY);
    double density = Math.exp(-threshold * threshold / 2) / Math.sqrt(2 * Math.PI);
    double square =
        inside - 2 * threshold * density + threshold * threshold * (1 - inside);
    return square / (inside * inside);
  }
}
