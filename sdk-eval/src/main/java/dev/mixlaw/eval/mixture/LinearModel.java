package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.stats.GramSchmidt;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/** A weighted sum of the shares. It has no constant term, because the shares sum to 1. */
final class LinearModel extends AbstractMixtureModel {
  LinearModel() {
    super("linear", "L(r) = sum_j w_j·r_j");
  }

  @Override
  int fewestMixtures(MixtureRuns runs) {
    return runs.sources().size() + 1;
  }

  @Override
  Answer<MixtureFit> fit(String question, MixtureRuns runs, String domain, Resamples resamples) {
    Optional<double[]> weights = leastSquares(runs, domain);
    if (weights.isEmpty()) {
      return Answer.refused(
          question,
          "in every run, the shares of some sources are determined by the shares of others",
          "add mixtures that vary each source independently");
    }
    return RunBootstrap.draw(question, resamples, runs, some -> leastSquares(some, domain))
        .map(
            draws ->
                new MixtureFit(
                    id(),
                    domain,
                    runs,
                    surface(weights.get()),
                    draws.stream().map(LinearModel::surface).toList(),
                    parameters(runs.sources(), weights.get(), draws),
                    runs.warnings()));
  }

  /**
   * Returns the coefficients of the sources, from least squares weighted by the weights of runs.
   */
  private static Optional<double[]> leastSquares(MixtureRuns runs, String domain) {
    double[] roots = Arrays.stream(runs.weights()).map(Math::sqrt).toArray();
    double[][] shares = runs.shares();
    double[] losses = runs.losses(domain);
    for (int i = 0; i < roots.length; i++) {
      for (int j = 0; j < shares[i].length; j++) {
        shares[i][j] *= roots[i];
      }
      losses[i] *= roots[i];
    }
    return GramSchmidt.leastSquares(shares, losses);
  }

  private static ToDoubleBiFunction<double[], TrainingScale> surface(double[] weights) {
    return (shares, scale) -> {
      double sum = 0;
      for (int j = 0; j < weights.length; j++) {
        sum += weights[j] * shares[j];
      }
      return sum;
    };
  }

  private static Map<String, Estimate> parameters(
      List<String> sources, double[] weights, List<double[]> draws) {
    Map<String, Estimate> all = new LinkedHashMap<>();
    for (int j = 0; j < weights.length; j++) {
      int k = j;
      double value = weights[j];
      all.put(
          "w_" + sources.get(j),
          draws.isEmpty()
              ? Estimate.of(value, value, value)
              : new Estimate(
                  value, Quantiles.interval95(draws.stream().mapToDouble(d -> d[k]).toArray())));
    }
    return all;
  }
}
