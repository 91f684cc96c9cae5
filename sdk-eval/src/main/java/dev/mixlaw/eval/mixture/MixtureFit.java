package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/**
 * A mixture model fitted to the losses of one domain.
 *
 * @param runs runs to which the model was fitted
 * @param surface predicted loss in the unit of the measured losses, as a function of the shares, in
 *     the order of the sources, and of the scale, which models that depend only on shares ignore.
 *     The loss is positive infinity where the model is undefined. The function is thread-safe
 * @param draws refits to resampled runs, in the same order for all domains; empty if there are no
 *     resamples
 * @param parameters map from the ASCII name of a parameter to its value, with an interval if there
 *     are draws; empty for boosting
 */
public record MixtureFit(
    String model,
    String domain,
    MixtureRuns runs,
    ToDoubleBiFunction<double[], TrainingScale> surface,
    List<ToDoubleBiFunction<double[], TrainingScale>> draws,
    Map<String, Estimate> parameters,
    List<String> warnings) {
  public MixtureFit {
    draws = List.copyOf(draws);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    warnings = List.copyOf(warnings);
  }

  /**
   * Returns the predicted loss at the given scale. The shares must be in the order of the sources.
   */
  public double loss(double[] shares, TrainingScale scale) {
    return surface.applyAsDouble(shares, scale);
  }

  /**
   * Returns the predicted loss at the largest scale of the runs. The shares must be in the order of
   * the sources.
   */
  public double loss(double... shares) {
    return surface.applyAsDouble(shares, runs.largestScale());
  }

  /**
   * Returns the predicted loss with its 95 % confidence interval. The interval does not include the
   * noise of a new run.
   *
   * @throws IllegalStateException if the fit has no draws
   */
  public Estimate predict(double[] shares, TrainingScale scale) {
    if (draws.isEmpty()) {
      throw new IllegalStateException(
          "the fit has no draws; fit the model with Resamples.of to get intervals for " + domain);
    }
    return new Estimate(
        surface.applyAsDouble(shares, scale),
        Quantiles.interval95(
            draws.stream().mapToDouble(d -> d.applyAsDouble(shares, scale)).toArray()));
  }
}
