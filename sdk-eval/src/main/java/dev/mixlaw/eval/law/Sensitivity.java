package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a fit hangs on: single observations, and how sharply each parameter is told. */
final class Sensitivity {
  private final LawFit fit;
  private final Objective objective;
  private final ParameterSpace space;
  private final FitData rows;
  private final double[] optimum;

  public Sensitivity(LawFit fit) {
    this.fit = fit;
    objective = fit.settings().objective();
    space = new ParameterSpace(fit.form(), fit.settings().fixed());
    rows = FitProcedure.rows(fit.form(), fit.observations(), objective);
    optimum = space.coordinates(fit.values());
  }

  /** Fits without each observation, the most moved first. */
  public List<Influence> influences() {
    Map<String, Estimate> all = fit.parameters();
    List<Influence> influences = new ArrayList<>();
    for (int i = 0; i < rows.count; i++) {
      influences.add(without(all, i));
    }
    influences.sort(Comparator.comparingDouble(Influence::shift).reversed());
    return influences;
  }

  /** The fit without all outliers at once: several hide each other when left out one by one. */
  public Optional<Influence> outliers() {
    int[] far = outliers(fit.residuals());
    return far.length == 0 ? Optional.empty() : Optional.of(without(fit.parameters(), far));
  }

  /**
   * Rows more than six robust standard deviations (from the median of absolute residuals) from the
   * law; none where there are too few rows to tell, or all residuals are rounding errors.
   */
  static int[] outliers(double[] residuals) {
    double[] sizes = Arrays.stream(residuals).map(Math::abs).sorted().toArray();
    double limit = Math.max(1e-9, 6 * 1.4826 * Quantiles.at(sizes, 0.5));
    return residuals.length < 12
        ? new int[0]
        : IntStream.range(0, residuals.length)
            .filter(i -> Math.abs(residuals[i]) > limit)
            .toArray();
  }

  private Influence without(Map<String, Estimate> all, int... left) {
    TrustRegionSolver solver = new TrustRegionSolver(space, objective);
    double[] values =
        space.parameters(solver.minimize(rows.without(left), optimum, Bootstrap.TOLERANCE).u());
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
        Arrays.stream(left).mapToObj(fit.observations()::get).toList(), without, shift, beyond);
  }

  /** To first order, at the optimum. */
  public Answer<Covariance> covariance() {
    for (int k = 0; k < space.dimension; k++) {
      if (optimum[k] <= space.lower[k] || optimum[k] >= space.upper[k]) {
        return Answer.refused(
            "covariance of " + fit.settings().name(),
            space.parameter(k).name() + " lies at the edge of its allowed range",
            "other data, or that parameter fixed");
      }
    }
    return ParameterCovariance.of(space, rows, objective, optimum, fit.noise())
        .<Answer<Covariance>>map(Answer::known)
        .orElseGet(
            () ->
                Answer.refused(
                    "covariance of " + fit.settings().name(),
                    "parameters trade off against each other",
                    "data that tell them apart, or some of them fixed"));
  }

  /** The lowest objective with a parameter held at values from one end to the other. */
  public Profile profile(String parameter, double low, double high, int number) {
    double best = fit.value(parameter);
    Map<String, Double> fixed = new LinkedHashMap<>(fit.settings().fixed());
    List<Profile.Point> points = new ArrayList<>();
    points.add(new Profile.Point(best, fit.objective()));
    for (int direction = -1; direction <= 1; direction += 2) {
      double[] from = fit.values(); // each value begins where its neighbour ended
      for (int i = 1; i <= number / 2; i++) {
        double end = direction < 0 ? low : high;
        double value = best + (end - best) * i / (number / 2);
        fixed.put(parameter, value);
        ParameterSpace others = new ParameterSpace(fit.form(), fixed);
        TrustRegionSolver solver = new TrustRegionSolver(others, objective);
        TrustRegionSolver.Minimum m =
            solver.minimize(rows, others.coordinates(from), GlobalSearch.TOLERANCE);
        TrustRegionSolver.Minimum again =
            solver.minimize(rows, others.coordinates(fit.values()), GlobalSearch.TOLERANCE);
        TrustRegionSolver.Minimum lower = again.value() < m.value() ? again : m;
        from = others.parameters(lower.u());
        points.add(new Profile.Point(value, lower.value()));
      }
    }
    points.sort(Comparator.comparingDouble(Profile.Point::value));
    return new Profile(parameter, points);
  }
}
