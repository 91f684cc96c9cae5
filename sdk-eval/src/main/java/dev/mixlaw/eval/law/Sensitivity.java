package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.stats.Cholesky;
import dev.mixlaw.eval.stats.GramSchmidt;
import dev.mixlaw.eval.stats.NoiseEstimate;
import dev.mixlaw.eval.stats.Quantiles;
import dev.mixlaw.eval.stats.StudentT;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

final class Sensitivity {
  private static final int FEWEST_FOR_OUTLIERS = 12;

  private final LawFitter settings;
  private final Observations observations;
  private final double[] residuals;
  private final NoiseEstimate noise;
  private final ParameterSpace space;
  private final FitData rows;
  private final double[] optimum;

  Sensitivity(
      LawFitter settings,
      Observations observations,
      double[] values,
      double[] residuals,
      NoiseEstimate noise) {
    this.settings = settings;
    this.observations = observations;
    this.residuals = residuals;
    this.noise = noise;
    space = settings.space().around(values);
    rows = FitData.of(settings.form, observations, settings.criterion());
    optimum = values.clone();
  }

  List<Influence> influences(Map<String, Estimate> all) {
    List<Influence> influences = new ArrayList<>();
    for (int i = 0; i < rows.count; i++) {
      influences.add(without(all, i));
    }
    influences.sort(Comparator.comparingDouble(Influence::shift).reversed());
    return influences;
  }

  /**
   * Returns the result of a fit without all outliers, because several outliers can mask each other.
   */
  Optional<Influence> outliers(Map<String, Estimate> all) {
    int[] far = outliers(residuals);
    return far.length == 0 ? Optional.empty() : Optional.of(without(all, far));
  }

  /**
   * Returns the rows whose residual exceeds six robust standard deviations, which are estimated
   * from the median absolute residual. Returns none if there are few rows, or if all residuals are
   * rounding errors.
   */
  static int[] outliers(double[] residuals) {
    double[] sizes = Arrays.stream(residuals).map(Math::abs).sorted().toArray();
    double limit = Math.max(1e-9, 6 * 1.4826 * Quantiles.at(sizes, 0.5));
    return residuals.length < FEWEST_FOR_OUTLIERS
        ? new int[0]
        : IntStream.range(0, residuals.length)
            .filter(i -> Math.abs(residuals[i]) > limit)
            .toArray();
  }

  private Influence without(Map<String, Estimate> all, int... left) {
    TrustRegionSolver solver = new TrustRegionSolver(space, settings.criterion());
    double[] values =
        solver.minimize(rows.without(left), optimum, Bootstrap.TOLERANCE).parameters();
    Map<String, Double> without = new LinkedHashMap<>();
    List<String> beyond = new ArrayList<>();
    double shift = 0;
    for (int k = 0; k < space.dimension; k++) {
      String name = space.parameter(k).name();
      double value = values[space.parameter[k]];
      Estimate with = all.get(name);
      double half = (with.interval().high() - with.interval().low()) / 2;
      without.put(name, value);
      if (half > 0) {
        shift = Math.max(shift, Math.abs(value - with.value()) / half);
      }
      if (!with.interval().contains(value)) {
        beyond.add(name);
      }
    }
    return new Influence(
        Arrays.stream(left).mapToObj(observations::get).toList(), without, shift, beyond);
  }

  Answer<Map<String, Map<String, Double>>> covariance() {
    for (int k = 0; k < space.dimension; k++) {
      if (space.atBound(optimum, k)) {
        return Answer.refused(
            "covariance of " + settings.name,
            space.parameter(k).name() + " is at a bound of its range",
            "use other data or fix that parameter");
      }
    }
    Criterion criterion = settings.criterion();
    int p = space.dimension;
    ObjectiveEvaluation state = ObjectiveEvaluation.at(space, rows, criterion, optimum);
    GramSchmidt columns = new GramSchmidt(state.jacobian, rows.count, p);
    if (!columns.independent()) {
      return Answer.refused(
          "covariance of " + settings.name,
          "the data do not identify the parameters individually",
          "use other data or fix some parameters");
    }
    double variance = effectiveNoise().variance();
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
                variance * column[j] * space.derivative(optimum, j) * space.derivative(optimum, k));
      }
    }
    return Answer.known(matrix);
  }

  /** Returns the noise at which a least-squares fit would have the precision of this fit. */
  NoiseEstimate effectiveNoise() {
    double threshold = settings.criterion().delta() / noise.standardDeviation();
    return noise.times(Math.sqrt(relativeVariance(threshold)));
  }

  /**
   * Returns the asymptotic variance of the Huber estimator, relative to least squares, for normal
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
    double square = inside - 2 * threshold * density + threshold * threshold * (1 - inside);
    return square / (inside * inside);
  }
}
