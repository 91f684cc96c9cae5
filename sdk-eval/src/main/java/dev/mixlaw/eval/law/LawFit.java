package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.ComputeOptimum;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.RunDesign;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An immutable fit of a law to observations. It contains the parameters of every resample. */
public final class LawFit {
  private final LawFitter settings;
  private final Observations observations;
  private final double[] values;
  private final double[][] draws;
  private final double[] residuals;
  private final FitNoise noise;
  private final Summary summary;
  private final RandomStreams streams;
  private final Optional<HeldOutError> heldOut;
  private final List<String> warnings;

  record Summary(
      double objective,
      double r2,
      FittedLaw.Status status,
      double condition,
      int points,
      Resampling resampling,
      List<LawFit> otherMinima,
      Optional<ExtrapolationError> extrapolation,
      List<String> warnings) {
    Summary {
      otherMinima = List.copyOf(otherMinima);
    }
  }

  LawFit(
      LawFitter settings,
      Observations observations,
      Observations out,
      double[] values,
      double[][] draws,
      double[] residuals,
      FitNoise noise,
      Summary summary) {
    this.settings = settings;
    this.observations = observations;
    this.values = values.clone();
    this.draws = draws.clone();
    this.residuals = residuals.clone();
    this.noise = noise;
    this.summary = summary;
    streams = new RandomStreams(settings.seed, observations);
    heldOut = out.size() == 0 ? Optional.empty() : Optional.of(HeldOutEvaluation.of(this, out));
    warnings =
        Stream.concat(
                summary.warnings.stream(),
                heldOut
                    .filter(e -> draws.length > 0)
                    .flatMap(e -> HeldOutEvaluation.warning(this, out, e))
                    .stream())
            .toList();
  }

  /** Returns the form of the law. */
  public LawForm form() {
    return settings.form;
  }

  /** Returns the objective function that the fit minimizes. */
  public Objective minimized() {
    return settings.objective;
  }

  /** Returns the observations to which the law was fitted, without those that were held out. */
  public Observations observations() {
    return observations;
  }

  /** Returns the value of the objective function at the best fit. */
  public double objective() {
    return summary.objective();
  }

  /**
   * Returns the coefficient of determination of the losses: 1 - residual / total sum of squares.
   */
  public double r2() {
    return summary.r2();
  }

  /** Returns whether the fit converged and the data identify its parameters. */
  public FittedLaw.Status status() {
    return summary.status();
  }

  /**
   * Returns the condition number of the Jacobian in the coordinates of the solver, which are
   * logarithms for positive parameters. Columns are scaled to a length of 1. Above 1e8, the
   * parameters are not individually identified.
   */
  public double condition() {
    return summary.condition();
  }

  /**
   * Returns the number of distinct input points to which the law was fitted. Several seeds at one
   * point count once.
   */
  public int points() {
    return summary.points();
  }

  /** Returns the kind of resampling: {@code cases}, {@code parametric} or {@code losses}. */
  public String resampling() {
    return summary.resampling().toString();
  }

  /**
   * Returns the fits at other local minima whose objective is within 1 % of the lowest, in
   * ascending order of the objective. They have no resamples, so all their intervals are infinite.
   */
  public List<LawFit> otherMinima() {
    return summary.otherMinima();
  }

  /**
   * Returns the prediction error on the observations that were held out, or empty if there are
   * none.
   */
  public Optional<HeldOutError> heldOut() {
    return heldOut;
  }

  /** Returns the warnings of the fit. */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * Returns all parameters with their 95 % confidence intervals, in the order in which the form
   * defines them. The interval of a fixed parameter contains only its value.
   */
  public Map<String, Estimate> parameters() {
    Map<String, Estimate> all = new LinkedHashMap<>();
    for (Parameter p : form().parameters()) {
      all.put(p.name(), parameter(p.name()));
    }
    return Collections.unmodifiableMap(all);
  }

  /**
   * Returns a parameter with its 95 % confidence interval.
   *
   * @throws IllegalArgumentException if there is no parameter of this name
   */
  public Estimate parameter(String name) {
    return new Estimate(value(name), interval95(draws(name)));
  }

  /** Returns the 95 % interval of the draws, which is infinite if there are no draws. */
  static Interval interval95(double[] draws) {
    return draws.length == 0
        ? new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
        : Quantiles.interval95(draws);
  }

  /**
   * Returns the value of a parameter.
   *
   * @throws IllegalArgumentException if there is no parameter of this name
   */
  public double value(String parameter) {
    return values[form().indexOf(parameter)];
  }

  /** Returns the values of all parameters, in the order of the form. */
  public double[] values() {
    return values.clone();
  }

  /**
   * Returns the predicted minus the measured values. The values are logarithms of losses for {@link
   * Objective#HUBER_LOG}, otherwise losses.
   */
  public double[] residuals() {
    return residuals.clone();
  }

  /**
   * Returns the standard deviation of an observation around the law, in the unit of the residuals.
   * It is computed from a linear least-squares refit at the optimum, regardless of the objective.
   */
  public double noise() {
    return noise.total().standardDeviation();
  }

  /** Returns the number of resamples. */
  public int draws() {
    return draws.length;
  }

  /**
   * Returns the values of a parameter in all resamples. Two fits share the random numbers of each
   * resample if they have the same observations and seed, or if both use {@link
   * LawFitter#resampleLosses}. Otherwise their resamples are independent.
   *
   * @throws IllegalArgumentException if there is no parameter of this name
   */
  public double[] draws(String parameter) {
    int k = form().indexOf(parameter);
    return Arrays.stream(draws).mapToDouble(d -> d[k]).toArray();
  }

  /** Returns all parameters in the resample with the given index, in the order of the form. */
  public double[] draw(int number) {
    return draws[number].clone();
  }

  /**
   * Returns the first-order approximation of the covariance matrix of the free parameters at the
   * optimum:
   *
   * <pre>V = c·σ²·(JᵀJ)⁻¹</pre>
   *
   * <p>J contains the derivatives of the residuals with respect to the free parameters. The
   * standard deviation of an observation around the law ({@link #noise}) is σ. The factor c is the
   * asymptotic variance of the estimator relative to least squares for normal noise. It is 1 for
   * {@link Objective#LEAST_SQUARES}. For {@link Objective#HUBER_LOG}, with k = {@value
   * Objective#DELTA}/σ and the normal density φ and distribution Φ, it is
   *
   * <pre>c = [2Φ(k) - 1 - 2kφ(k) + 2k²(1 - Φ(k))] / [2Φ(k) - 1]²</pre>
   *
   * <p>which is between 1 and π/2 (Huber 1964, "Robust estimation of a location parameter").
   *
   * <p>This approximation is symmetric and ignores curvature, bounds and outliers. The intervals of
   * {@link #parameters} are computed from refits instead.
   *
   * @return the covariance matrix, or the reason why there is none: a parameter is at a bound, or
   *     the data do not identify the parameters
   */
  public Answer<Map<String, Map<String, Double>>> covariance() {
    return sensitivity().covariance();
  }

  /**
   * Returns the predicted loss for the given inputs, which must be in the order that the form
   * defines.
   */
  public double loss(double... inputs) {
    return form().loss(values, inputs);
  }

  /**
   * Returns the predicted losses in all resamples. The inputs must be in the order that the form
   * defines.
   */
  public double[] lossDraws(double... inputs) {
    double[] features = form().features(inputs);
    double[] gradient = new double[values.length];
    return Arrays.stream(draws).mapToDouble(d -> form().evaluate(d, features, gradient)).toArray();
  }

  /**
   * Returns the predicted loss with its 95 % confidence interval. The inputs must be in the order
   * that the form defines.
   */
  public Estimate predict(double... inputs) {
    return new Estimate(loss(inputs), interval95(lossDraws(inputs)));
  }

  /**
   * Returns a quantity that depends on the parameters, with its 95 % confidence interval.
   *
   * @param quantity function of all parameters, which are in the order of the form
   */
  public Estimate estimate(ToDoubleFunction<double[]> quantity) {
    return new Estimate(
        quantity.applyAsDouble(values.clone()),
        interval95(Arrays.stream(draws).mapToDouble(quantity).toArray()));
  }

  /**
   * Returns a design of the next runs for the estimation of a quantity that depends on the
   * parameters, such as the loss of a model that is too expensive to train. The candidates are all
   * combinations of the values of N, D and the other inputs in the fitted observations.
   *
   * <pre>{@code
   * ToDoubleFunction<double[]> loss = p -> LawForms.CHINCHILLA.loss(p, 7e9, 1.4e11);
   * List<double[]> runs = fit.design(loss).reach(0.04).orElseThrow().runs();
   * }</pre>
   *
   * <p>The design predicts the width of the 95 % t interval of the quantity from the linear
   * approximation of {@link #covariance}, without resamples. The law must have the inputs N and D;
   * otherwise, the design is refused.
   *
   * @param quantity function of all parameters, which are in the order of the form
   */
  public RunDesign<double[]> design(ToDoubleFunction<double[]> quantity) {
    return design(quantity, List.of());
  }

  /**
   * Returns a design of the next runs, which are chosen among the given candidates.
   *
   * @param candidates inputs of each run that can be trained, in the order of the form
   * @see #design(ToDoubleFunction)
   */
  public RunDesign<double[]> design(
      ToDoubleFunction<double[]> quantity, List<double[]> candidates) {
    return LawDesign.of(this, quantity, sensitivity().effectiveNoise(), candidates);
  }

  /**
   * Returns the derivatives of the residuals of the given observations with respect to the
   * coordinates of the solver.
   */
  double[][] sensitivities(Observations other) {
    ParameterSpace space = space();
    FitData rows = FitData.of(form(), other, settings.criterion());
    double[] jacobian = ObjectiveEvaluation.at(space, rows, settings.criterion(), values).jacobian;
    int p = space.dimension;
    return IntStream.range(0, rows.count)
        .mapToObj(i -> Arrays.copyOfRange(jacobian, i * p, (i + 1) * p))
        .toArray(double[][]::new);
  }

  /** Returns the derivatives of a quantity with respect to the coordinates of the solver. */
  double[] gradient(ToDoubleFunction<double[]> quantity, double step) {
    ParameterSpace space = space();
    return IntStream.range(0, space.dimension)
        .mapToDouble(
            k -> {
              double h = step * space.unit[k];
              double[] up = space.coordinates(values);
              double[] down = up.clone();
              up[k] += h;
              down[k] -= h;
              return (quantity.applyAsDouble(space.parameters(up))
                      - quantity.applyAsDouble(space.parameters(down)))
                  / (2 * h);
            })
        .toArray();
  }

  private ParameterSpace space() {
    return settings.space().around(values);
  }

  /**
   * Returns the predicted loss with the 95 % prediction interval for a new run, which includes the
   * noise of this run. The inputs must be in the order that the form defines.
   *
   * <p>If the form does not fit, the interval for a larger N, D or N·D than those of the
   * observations also includes the prediction errors of fits without the largest of them. A warning
   * of the fit states this. If no such fit is possible, the warning states instead that the
   * intervals are valid only if the form fits.
   */
  public Estimate predictNewRun(double... inputs) {
    double[] law = lossDraws(inputs);
    double[] run = new double[law.length];
    for (int r = 0; r < law.length; r++) {
      SplittableRandom random = streams.newRun(r);
      double e = noise.total().drawStandardDeviation(random) * random.nextGaussian();
      run[r] = settings.objective == Objective.HUBER_LOG ? law[r] * Math.exp(e) : law[r] + e;
    }
    Estimate estimate = new Estimate(loss(inputs), interval95(run));
    return summary.extrapolation.map(e -> e.widened(inputs, estimate)).orElse(estimate);
  }

  double[] errors(Observations other) {
    Criterion criterion = settings.criterion();
    return FitData.of(form(), other, criterion).residuals(form(), values, criterion);
  }

  /**
   * Draws the residuals that the given observations, which were not fitted, would have if the form
   * were correct.
   */
  double[][] errorDraws(Observations other) {
    Criterion criterion = settings.criterion();
    FitData rows = FitData.of(form(), other, criterion);
    double[] fitted = criterion.targets(rows.predicted(form(), values));
    double[][] errors = new double[draws.length][];
    for (int r = 0; r < draws.length; r++) {
      double[] law = criterion.targets(rows.predicted(form(), draws[r]));
      double[] error = noise.draw(rows, streams.newRun(r));
      Arrays.setAll(error, i -> error[i] + law[i] - fitted[i]);
      errors[r] = error;
    }
    return errors;
  }

  /**
   * Returns the model size and the number of tokens with the lowest loss for a compute budget C =
   * 6·N·D.
   *
   * @param flops compute budget in floating-point operations, above 6
   * @return the optimum, or the reason why there is none: the law has inputs other than N and D,
   *     its loss has no minimum for this budget, or the minimum is outside the measured N or D by a
   *     factor of more than 100
   * @throws IllegalArgumentException if the budget is not finite and above 6
   */
  public Answer<ComputeOptimum> optimal(double flops) {
    if (!(flops > 6) || Double.isInfinite(flops)) {
      throw new IllegalArgumentException("FLOPs: " + flops + "; expected a finite number above 6");
    }
    return new ComputeOptimizer(this).optimum(settings.name, flops);
  }

  /** Returns, for each observation, the result of a fit without it. The largest shift is first. */
  public List<Influence> influences() {
    return sensitivity().influences(parameters());
  }

  /**
   * Returns the result of a fit without all outliers, or empty if there are none. Outliers are more
   * than six robust standard deviations away from the law.
   */
  public Optional<Influence> outliers() {
    return sensitivity().outliers(parameters());
  }

  private Sensitivity sensitivity() {
    return new Sensitivity(settings, observations, values, residuals, noise.total());
  }

  @Override
  public String toString() {
    return form().formula() + " " + parameters() + ", " + status();
  }
}
