package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.eval.stats.NoiseEstimate;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/** A law fitted to observations, with the draws of its bootstrap. Immutable. */
public final class LawFit {
  private final LawFitter.Settings settings;
  private final Observations observations;
  private final double[] values;
  private final double[][] draws;
  private final double[] residuals;
  private final NoiseEstimate noise;
  private final Summary summary;
  private final RandomStreams streams;

  /**
   * What a fit says beside its parameters.
   *
   * @param objective the minimised sum
   * @param r2 on the loss itself: 1 - residual over total sum of squares
   * @param status whether the optimum can be trusted
   * @param condition of the Jacobian by the solver's coordinates (logarithms of positive
   *     parameters), columns scaled
   * @param points distinct inputs fitted (seeds of a point count once)
   * @param resampling that intervals came from, never automatic
   * @param otherMinima whose objective is within 1 % of the lowest
   * @param heldOut error on the observations kept out
   * @param warnings what a reader must know
   */
  public record Summary(
      double objective,
      double r2,
      FittedLaw.Status status,
      double condition,
      int points,
      Resampling resampling,
      List<Minimum> otherMinima,
      Optional<HeldOutError> heldOut,
      List<String> warnings) {
    public Summary {
      Objects.requireNonNull(status, "status");
      otherMinima = List.copyOf(otherMinima);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Another minimum of the objective.
   *
   * @param parameters by name
   * @param r2 on the loss itself
   */
  public record Minimum(Map<String, Double> parameters, double objective, double r2) {
    public Minimum {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
  }

  /** Made by {@link LawFitter}. */
  public LawFit(
      LawFitter.Settings settings,
      Observations observations,
      double[] values,
      double[][] draws,
      double[] residuals,
      NoiseEstimate noise,
      Summary summary) {
    this.settings = settings;
    this.observations = observations;
    this.values = values.clone();
    this.draws = draws.clone();
    this.residuals = residuals.clone();
    this.noise = noise;
    this.summary = summary;
    streams = new RandomStreams(settings.seed(), observations);
  }

  public LawForm form() {
    return settings.form();
  }

  /** All that shaped the fit. */
  public LawFitter.Settings settings() {
    return settings;
  }

  /** What was fitted, held-out observations left out. */
  public Observations observations() {
    return observations;
  }

  public Summary summary() {
    return summary;
  }

  public double objective() {
    return summary.objective();
  }

  /** On the loss itself. */
  public double r2() {
    return summary.r2();
  }

  public FittedLaw.Status status() {
    return summary.status();
  }

  public List<String> warnings() {
    return summary.warnings();
  }

  /** Parameters with 95 % intervals, in the form's order; a fixed one's interval is its value. */
  public Map<String, Estimate> parameters() {
    Map<String, Estimate> all = new LinkedHashMap<>();
    for (Parameter p : form().parameters()) {
      all.put(p.name(), parameter(p.name()));
    }
    return Collections.unmodifiableMap(all);
  }

  /**
   * A parameter with its 95 % interval.
   *
   * @throws IllegalArgumentException if there is none of the name
   */
  public Estimate parameter(String name) {
    return new Estimate(value(name), Quantiles.interval95(draws(name)));
  }

  public double value(String parameter) {
    return values[form().indexOf(parameter)];
  }

  /** In the form's order. */
  public double[] values() {
    return values.clone();
  }

  /** Predicted minus measured: of ln loss for {@link Objective#HUBER_LOG}, else of the loss. */
  public double[] residuals() {
    return residuals.clone();
  }

  /**
   * Standard deviation of one observation about the law, in the residuals' unit: as a linear refit
   * by least squares has it, whatever the objective.
   */
  public double noise() {
    return noise.standardDeviation();
  }

  /** Number of resamples. */
  public int draws() {
    return draws.length;
  }

  /**
   * A parameter in every resample. Draw r of two fits goes together where they fit the same
   * observations with the same seed, or were given resampled losses ({@link Resampling#losses});
   * otherwise draws are independent.
   */
  public double[] draws(String parameter) {
    int k = form().indexOf(parameter);
    return Arrays.stream(draws).mapToDouble(d -> d[k]).toArray();
  }

  /** All parameters of a resample, in the form's order. */
  public double[] draw(int number) {
    return draws[number].clone();
  }

  /**
   * How the errors of the free parameters go together; refused where one lies at the edge of its
   * range or the data do not tell them apart.
   */
  public Answer<Covariance> covariance() {
    return new Sensitivity(this).covariance();
  }

  /** The law's loss at inputs in the form's order. */
  public double loss(double... inputs) {
    return form().loss(values, inputs);
  }

  /** The loss in every resample. */
  public double[] lossDraws(double... inputs) {
    double[] features = form().features(inputs);
    double[] gradient = new double[values.length];
    return Arrays.stream(draws).mapToDouble(d -> form().evaluate(d, features, gradient)).toArray();
  }

  /** The loss at inputs in the form's order, with intervals. */
  public Prediction predict(double... inputs) {
    double[] law = lossDraws(inputs);
    double[] run = new double[law.length];
    for (int r = 0; r < law.length; r++) {
      SplittableRandom random = streams.newRun(r);
      double e = noise.drawStandardDeviation(random) * random.nextGaussian();
      run[r] = settings.objective() == Objective.HUBER_LOG ? law[r] * Math.exp(e) : law[r] + e;
    }
    return new Prediction(loss(inputs), Quantiles.interval95(law), Quantiles.interval95(run));
  }

  /** The fit without each single observation, the most moved first. */
  public List<Influence> influences() {
    return new Sensitivity(this).influences();
  }

  /**
   * The fit without its outliers, all at once; empty if there are none. Outliers lie more than six
   * robust standard deviations from the law.
   */
  public Optional<Influence> outliers() {
    return new Sensitivity(this).outliers();
  }

  /**
   * How low the objective gets with a parameter held from one end of twice its interval to the
   * other.
   *
   * @param points number of values tried beside the fit's own, even
   * @throws IllegalArgumentException if there is no such free parameter
   */
  public Profile profile(String parameter, int points) {
    Parameter p = form().parameters().get(form().indexOf(parameter));
    if (settings.fixed().containsKey(parameter) || points < 2) {
      throw new IllegalArgumentException(
          "profile of "
              + parameter
              + " over "
              + points
              + " points: it must be free, with at least 2");
    }
    Interval interval = parameter(parameter).interval();
    double value = value(parameter);
    double least = Math.max(p.lower(), p.logarithmic() ? value / 10 : p.lower());
    return new Sensitivity(this)
        .profile(
            parameter,
            Math.max(least, value - 2 * Math.max(0, value - interval.low())),
            Math.min(p.upper(), value + 2 * Math.max(0, interval.high() - value)),
            points);
  }

  @Override
  public String toString() {
    return form().formula() + " " + parameters() + ", " + status();
  }
}
