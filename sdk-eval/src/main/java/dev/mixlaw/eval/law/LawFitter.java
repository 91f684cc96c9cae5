package dev.mixlaw.eval.law;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.eval.law.Observations.Observation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Predicate;

/**
 * Fits laws to observations by robust regression and computes confidence intervals. The same seed
 * and observations give bit-identical results.
 *
 * <pre>{@code
 * Answer<LawFit> fit = LawFitter.of(LawForms.CHINCHILLA).seed(7).fit(observations);
 * }</pre>
 *
 * <p>A fitter is immutable and thread-safe. Each setter returns a new fitter.
 */
public final class LawFitter implements Cloneable {
  /** Smallest number of resamples from which percentiles are meaningful. */
  private static final int FEWEST_RESAMPLES = 100;

  /** Placeholder for a number of resamples that depends on the cost of a refit. */
  static final int BY_COST = -1;

  final LawForm form;
  String name;
  Objective objective = Objective.HUBER_LOG;
  double delta = Objective.DELTA;
  Map<String, Double> fixed = Map.of();
  Map<String, Parameter> bounded = Map.of();
  Optional<Predicate<Observation>> heldOut = Optional.empty();
  int resamples = BY_COST;
  Resampling resampling = Resampling.automatic();
  long seed;
  Executor executor = Runnable::run;
  DoubleConsumer progress = part -> {};

  private LawFitter(LawForm form) {
    this.form = form;
    name = "law " + form.id();
  }

  private LawFitter with(Consumer<LawFitter> change) {
    try {
      LawFitter copy = (LawFitter) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  Criterion criterion() {
    return Criterion.of(objective, delta);
  }

  /**
   * Returns a fitter. By default, it uses {@link Objective#HUBER_LOG}, at most 1000 resamples, seed
   * 0, and the calling thread as executor.
   */
  public static LawFitter of(LawForm form) {
    return new LawFitter(form);
  }

  /** Returns the form of the law. */
  public LawForm form() {
    return form;
  }

  /**
   * Sets the name of the fit for messages, such as {@code law L(D) of web on wiki at 1M}. Default:
   * {@code law} and the id of the form.
   */
  public LawFitter named(String name) {
    return with(s -> s.name = name);
  }

  /** Sets the objective function. Default: {@link Objective#HUBER_LOG}. */
  public LawFitter objective(Objective objective) {
    return with(s -> s.objective = objective);
  }

  /**
   * Sets the residual of ln loss at which {@link Objective#HUBER_LOG} changes from quadratic to
   * linear. A value near the noise of a run retains most of the precision of least squares and
   * limits the influence of outliers. Default: {@value Objective#DELTA}, as published.
   *
   * @throws IllegalArgumentException if the value is not finite and above 0
   */
  public LawFitter delta(double delta) {
    if (!(delta > 0) || Double.isInfinite(delta)) {
      throw new IllegalArgumentException("delta: " + delta + "; expected a finite number above 0");
    }
    return with(s -> s.delta = delta);
  }

  /**
   * Fixes a parameter at a value.
   *
   * @throws IllegalArgumentException if the form has no such parameter, or if the value is not
   *     finite
   */
  public LawFitter fix(String parameter, double value) {
    form.indexOf(parameter);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "parameter " + parameter + " fixed at " + value + "; expected a finite number");
    }
    Map<String, Double> all = new LinkedHashMap<>(fixed);
    all.put(parameter, value);
    return with(s -> s.fixed = all);
  }

  /**
   * Sets the bounds of a parameter. If the fit stops at a bound, its status says so. Default: the
   * bounds of the form ({@link LawForm#parameters}).
   *
   * @throws IllegalArgumentException if the form has no such parameter, if the bounds are not a
   *     range that the parameter can have, or if the parameter is one of several that sum to 1
   */
  public LawFitter bounds(String parameter, double lower, double upper) {
    Parameter p = form.parameters().get(form.indexOf(parameter));
    if (form.simplexes().stream().anyMatch(group -> group.contains(parameter))
        || !(lower < upper && Double.isFinite(upper - lower))) {
      throw new IllegalArgumentException(
          String.format(
              "bounds of %s: %s to %s; expected finite numbers in ascending order, and no parameter of a group that sums to 1",
              parameter, lower, upper));
    }
    Map<String, Parameter> all = new LinkedHashMap<>(bounded);
    all.put(parameter, p.within(lower, upper));
    return with(s -> s.bounded = all);
  }

  ParameterSpace space() {
    return new ParameterSpace(form, fixed, bounded);
  }

  /**
   * Holds observations out of the fit, in order to measure how well the fit predicts them ({@link
   * LawFit#heldOut}). Default: none.
   */
  public LawFitter heldOut(Predicate<Observation> test) {
    return with(s -> s.heldOut = Optional.of(test));
  }

  /**
   * Sets the number of resamples from which intervals are computed. If the number is 0, intervals
   * are infinitely wide. With {@link #resampleLosses}, the given losses determine the number.
   * Default: 1000, or fewer (at least 100) if the product of rows and squared parameters is above
   * 200,000. Observations are drawn with replacement if there are at least 20 observations and
   * three distinct points per parameter; otherwise, noise as large as the residuals is added to the
   * law.
   *
   * @throws IllegalArgumentException if the number is neither 0 nor at least 100
   */
  public LawFitter bootstrap(int resamples) {
    if (resamples != 0 && resamples < FEWEST_RESAMPLES) {
      throw new IllegalArgumentException(
          "resamples: " + resamples + "; expected 0 or at least " + FEWEST_RESAMPLES);
    }
    return with(s -> s.resamples = resamples);
  }

  /**
   * Computes intervals from losses that the caller has resampled, for example losses on resampled
   * evaluation documents. A row has the same draws in every fit, so fits of several mixtures can be
   * compared draw by draw. Intervals include only the noise of the given losses.
   *
   * @param losses {@code [resamples][observations]}, in the order of the observations, including
   *     held-out observations
   */
  public LawFitter resampleLosses(double[][] losses) {
    return resampling(Resampling.losses(losses));
  }

  LawFitter resampling(Resampling resampling) {
    return with(s -> s.resampling = resampling);
  }

  /**
   * Sets the seed of the starting points and resamples. Even with the same seed, fits to different
   * observations are resampled independently. Default: 0.
   */
  public LawFitter seed(long seed) {
    return with(s -> s.seed = seed);
  }

  /**
   * Sets a consumer that receives the progress of a fit, from 0 to 1. The search for the minimum
   * takes the first third, and the resamples take the rest. The threads of the executor call the
   * consumer, one at a time. Default: none.
   */
  public LawFitter progress(DoubleConsumer progress) {
    return with(s -> s.progress = progress);
  }

  /**
   * Sets the executor that runs the refits. It does not affect the result. Default: the calling
   * thread.
   */
  public LawFitter executor(Executor executor) {
    return with(s -> s.executor = executor);
  }

  /**
   * Fits the law.
   *
   * @return the fit, or the reason why the data are not sufficient
   * @throws MixlawException if an input value is outside the domain of the law; the exception lists
   *     all such rows
   * @throws IllegalArgumentException if an input of the form is missing from the observations
   */
  public Answer<LawFit> fit(Observations observations) {
    checkInputs(observations);
    return FitProcedure.fit(this, observations);
  }

  /**
   * Checks, without fitting, whether observations at the given inputs can identify the parameters
   * of a law.
   *
   * @param question the question that is named if it cannot be answered
   * @param inputs {@code [observations][inputs of the form]}
   * @return the reason why the observations cannot identify the parameters, or empty if they can
   */
  public static Optional<Refusal> checkDesign(String question, LawForm form, double[][] inputs) {
    return DesignCheck.refusal(
        question, form, inputs, new ParameterSpace(form, Map.of()).dimension);
  }

  private void checkInputs(Observations observations) {
    List<Problem> problems = new ArrayList<>();
    for (Input input : form.inputs()) {
      double[] column = observations.column(input.name());
      for (int i = 0; i < column.length; i++) {
        if (input.positive() && !(column[i] > 0)) {
          problems.add(
              new Problem(
                  observations.get(i).label() + ", " + input.name() + " (" + input.unit() + ")",
                  Double.toString(column[i]),
                  "a number above 0",
                  "correct the data, or exclude the row with a filter"));
        }
      }
    }
    MixlawException.throwIfAny(MixlawException.Kind.DATA, problems);
  }
}
