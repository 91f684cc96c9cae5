package dev.mixlaw.eval.law;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.eval.law.Observations.Observation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Fits laws to observations: robust, with intervals, the same to the last digit for the same seed.
 *
 * <pre>{@code
 * Answer<LawFit> fit = LawFitter.of(LawForms.CHINCHILLA).seed(7).fit(observations);
 * }</pre>
 *
 * <p>Immutable: each setting returns a new fitter. Safe for use by several threads.
 */
public final class LawFitter {
  private final Settings settings;

  /**
   * All that shapes a fit.
   *
   * @param form the law
   * @param name what refusals call it
   * @param objective what is made small
   * @param fixed parameters that are not fitted
   * @param heldOut observations kept out of the fit, to see how well it predicts them
   * @param resamples that intervals are made of
   * @param resampling where resamples come from
   * @param seed of starts and resamples
   * @param executor where resamples are refitted; the result does not depend on it
   */
  public record Settings(
      LawForm form,
      String name,
      Objective objective,
      Map<String, Double> fixed,
      Optional<Predicate<Observation>> heldOut,
      int resamples,
      Resampling resampling,
      long seed,
      Executor executor) {
    public Settings {
      Objects.requireNonNull(form, "form");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(objective, "objective");
      Objects.requireNonNull(heldOut, "heldOut");
      Objects.requireNonNull(resampling, "resampling");
      Objects.requireNonNull(executor, "executor");
      fixed = Collections.unmodifiableMap(new LinkedHashMap<>(fixed));
    }
  }

  private LawFitter(Settings settings) {
    this.settings = settings;
  }

  /**
   * A fitter by {@link Objective#HUBER_LOG} with 1000 resamples, {@link Resampling#automatic()},
   * seed 0, in the calling thread.
   */
  public static LawFitter of(LawForm form) {
    return new LawFitter(
        new Settings(
            form,
            "law " + form.id(),
            Objective.HUBER_LOG,
            Map.of(),
            Optional.empty(),
            1000,
            Resampling.automatic(),
            0,
            Runnable::run));
  }

  /** The same settings for another form, no parameter fixed. */
  public LawFitter form(LawForm form) {
    return with(
        s -> {
          s.form = form;
          s.name = "law " + form.id();
          s.fixed.clear();
        });
  }

  /** What refusals call the law, such as {@code law L(D) of web on wiki at 1M}. */
  public LawFitter named(String name) {
    return with(s -> s.name = name);
  }

  /** What is made small; {@link Objective#HUBER_LOG} unless said. */
  public LawFitter objective(Objective objective) {
    return with(s -> s.objective = objective);
  }

  /**
   * Holds a parameter at a value.
   *
   * @throws IllegalArgumentException if the form has no such parameter, or the value is not finite
   */
  public LawFitter fix(String parameter, double value) {
    settings.form.indexOf(parameter);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("parameter " + parameter + " fixed at " + value);
    }
    return with(s -> s.fixed.put(parameter, value));
  }

  /** Keeps observations out of the fit, to see how well it predicts them. */
  public LawFitter heldOut(Predicate<Observation> test) {
    return with(s -> s.heldOut = Optional.of(test));
  }

  /**
   * Number of resamples that intervals are made of; with {@link Resampling#losses} as many as were
   * given.
   *
   * @throws IllegalArgumentException below 100: percentiles of fewer say nothing
   */
  public LawFitter bootstrap(int resamples) {
    if (resamples < 100) {
      throw new IllegalArgumentException("resamples: " + resamples + " given, at least 100 needed");
    }
    return with(s -> s.resamples = resamples);
  }

  /** Where resamples come from; {@link Resampling#automatic()} unless said. */
  public LawFitter resampling(Resampling resampling) {
    return with(s -> s.resampling = resampling);
  }

  /**
   * Of starts and resamples: the same seed gives the same fit of the same observations. Fits of
   * other observations are resampled independently, whatever their seeds: two mixtures may well be
   * fitted with one seed.
   */
  public LawFitter seed(long seed) {
    return with(s -> s.seed = seed);
  }

  /** Where resamples are refitted; the result does not depend on it. */
  public LawFitter executor(Executor executor) {
    return with(s -> s.executor = executor);
  }

  private LawFitter with(Consumer<Draft> change) {
    Draft draft = new Draft(settings);
    change.accept(draft);
    return new LawFitter(draft.settings());
  }

  /** Settings while one of them changes. */
  private static final class Draft {
    private LawForm form;
    private String name;
    private Objective objective;
    private final Map<String, Double> fixed;
    private Optional<Predicate<Observation>> heldOut;
    private int resamples;
    private Resampling resampling;
    private long seed;
    private Executor executor;

    Draft(Settings s) {
      form = s.form;
      name = s.name;
      objective = s.objective;
      fixed = new LinkedHashMap<>(s.fixed);
      heldOut = s.heldOut;
      resamples = s.resamples;
      resampling = s.resampling;
      seed = s.seed;
      executor = s.executor;
    }

    Settings settings() {
      return new Settings(
          form, name, objective, fixed, heldOut, resamples, resampling, seed, executor);
    }
  }

  public Settings settings() {
    return settings;
  }

  /**
   * Fits.
   *
   * @return the fit, or the refusal that says what the data lack
   * @throws MixlawException listing all rows whose inputs the law does not allow
   * @throws IllegalArgumentException if the observations lack an input of the form
   */
  public Answer<LawFit> fit(Observations observations) {
    checkInputs(observations);
    return FitProcedure.fit(settings, observations);
  }

  /**
   * Checks without a fit whether observations at these inputs can identify a law's parameters.
   *
   * @param question what the refusal is the answer to
   * @param inputs {@code [observations][inputs of the form]}
   * @return the reason why not, or empty
   */
  public static Optional<Refusal> checkDesign(String question, LawForm form, double[][] inputs) {
    return DesignCheck.refusal(question, form, inputs, form.parameters().size());
  }

  private void checkInputs(Observations observations) {
    List<Problem> problems = new ArrayList<>();
    for (Input input : settings.form.inputs()) {
      double[] column = observations.column(input.name());
      for (int i = 0; i < column.length; i++) {
        if (input.positive() && !(column[i] > 0)) {
          problems.add(
              new Problem(
                  observations.get(i).label() + ", " + input.name() + " (" + input.unit() + ")",
                  Double.toString(column[i]),
                  "above 0",
                  "the data, or a filter that leaves the row out"));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DATA, problems, null);
    }
  }
}
