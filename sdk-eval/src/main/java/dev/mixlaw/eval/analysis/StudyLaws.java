package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.ComputeOptimum;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All laws of one series of losses: L(D) of each mixture and model, L(N) of each mixture and
 * budget, and L(N, D) of each mixture. The weight of a point is its number of seeds.
 *
 * <p>Each law is refitted in every draw; see {@link LawResampling}. If the seed noise is known,
 * each draw includes the seed noise and the scatter of the points that the seed noise does not
 * explain. This scatter is pooled over all laws of a form. Otherwise the scatter about a law is
 * estimated from the points of the law, and shrunk toward the scatter about all laws of the same
 * form.
 */
final class StudyLaws {
  private final Metric metric;
  private final LossSeries series;
  private final Map<LawKey, List<StudyGrid.Cell>> cells = new LinkedHashMap<>();
  private final Map<LawKey, Answer<LawFit>> fits = new LinkedHashMap<>();
  private final Map<LawForm, NoiseEstimate> excess = new LinkedHashMap<>();

  StudyLaws(StudyGrid grid, LossSeries series) {
    this(grid, series, List.of(LawForms.DATA, LawForms.MODEL, LawForms.CHINCHILLA));
  }

  StudyLaws(StudyGrid grid, LossSeries series, List<LawForm> forms) {
    this.metric = grid.metric();
    this.series = series;
    for (String mixture : grid.mixtures()) {
      grid.models().forEach(m -> collect(LawKey.data(mixture, m), grid.overBudgets(mixture, m)));
    }
    for (String mixture : grid.mixtures()) {
      grid.budgets().forEach(b -> collect(LawKey.model(mixture, b), grid.overModels(mixture, b)));
    }
    grid.mixtures().forEach(m -> collect(LawKey.chinchilla(m), grid.of(m)));
    forms.forEach(this::fit);
  }

  private StudyLaws(Metric metric, LossSeries series) {
    this.metric = metric;
    this.series = series;
  }

  /** Returns these laws as those of a series with the same values and another name. */
  StudyLaws of(LossSeries same) {
    StudyLaws laws = new StudyLaws(metric, same);
    laws.cells.putAll(cells);
    fits.forEach((key, fit) -> laws.fits.put(key, fit.withQuestion(key.describe(same.domain()))));
    laws.excess.putAll(excess);
    return laws;
  }

  private void collect(LawKey key, List<StudyGrid.Cell> points) {
    if (!points.isEmpty()) {
      cells.put(key, points);
    }
  }

  private void fit(LawForm form) {
    Map<LawKey, LawFit> first = new LinkedHashMap<>();
    for (LawKey key : cells.keySet()) {
      if (key.form().equals(form)) {
        Answer<LawFit> fit =
            refusal(key.describe(series.domain()), cells.get(key))
                .<Answer<LawFit>>map(Answer::refused)
                .orElseGet(() -> fitter(key).bootstrap(0).fit(observations(key)));
        fits.put(key, fit);
        fit.toOptional().ifPresent(f -> first.put(key, f));
      }
    }
    if (first.isEmpty()) {
      return;
    }
    List<NoiseEstimate> own = new ArrayList<>();
    first.forEach(
        (key, fit) ->
            own.add(
                new NoiseEstimate(
                    fit.noise(), Math.max(1, fit.points() - form.parameters().size()))));
    double freedom = own.stream().mapToDouble(NoiseEstimate::degreesOfFreedom).sum();
    double squares = own.stream().mapToDouble(n -> n.degreesOfFreedom() * n.variance()).sum();
    NoiseEstimate pooled = new NoiseEstimate(Math.sqrt(squares / freedom), freedom);
    boolean bySeeds = series.seeds().known() && !form.equals(LawForms.MODEL);
    double explained =
        first.entrySet().stream()
            .filter(e -> bySeeds)
            .mapToDouble(e -> residualVariance(e.getKey(), e.getValue()))
            .average()
            .orElse(0);
    NoiseEstimate left =
        new NoiseEstimate(Math.sqrt(Math.max(0, pooled.variance() - explained)), freedom);
    excess.put(form, left);
    Iterator<NoiseEstimate> each =
        (bySeeds ? Collections.nCopies(own.size(), left) : NoiseEstimate.moderated(own)).iterator();
    first.forEach(
        (key, fit) ->
            fits.put(
                key,
                fitter(key).resampleLosses(draws(key, fit, each.next())).fit(observations(key))));
  }

  /**
   * Returns a refusal if no law can describe the metric at these points. The values of the metric
   * must be above 0 and fall toward a floor.
   */
  Optional<Refusal> refusal(String law, Collection<StudyGrid.Cell> points) {
    OptionalDouble least = points.stream().mapToDouble(series::value).min();
    String reason =
        metric.higherIsBetter()
            ? "higher values of %s are better, and laws describe values that fall"
                .formatted(metric.name())
            : least.orElse(1) > 0
                ? ""
                : "%s has the value %s, and laws describe values above 0"
                    .formatted(metric.name(), Texts.number(least.getAsDouble()));
    return reason.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Refusal(law, reason, "use a metric that falls towards a floor, such as a loss"));
  }

  private double residualVariance(LawKey key, LawFit fit) {
    List<StudyGrid.Cell> points = cells.get(key);
    return LawResampling.residualVariance(
        fit,
        points.stream().map(c -> inputs(key.form(), c)).toArray(double[][]::new),
        LawResampling.seedShifts(series, points));
  }

  private LawFitter fitter(LawKey key) {
    return LawFitter.of(key.form()).named(key.describe(series.domain()));
  }

  private Observations observations(LawKey key) {
    double mean = cells.get(key).stream().mapToInt(c -> c.runs().size()).average().orElseThrow();
    Function<StudyGrid.Cell, Observations.Observation> row =
        c ->
            new Observations.Observation(
                LawResampling.label(c),
                new double[] {c.model().params().count(), c.tokens()},
                series.value(c),
                c.runs().size() / mean,
                Optional.empty());
    return Observations.of(List.of(Input.N, Input.D), cells.get(key).stream().map(row).toList());
  }

  private double[][] draws(LawKey key, LawFit fit, NoiseEstimate noise) {
    List<StudyGrid.Cell> points = cells.get(key);
    double[] fitted = points.stream().mapToDouble(c -> fit.loss(inputs(key.form(), c))).toArray();
    return LawResampling.draws(
        LawResampling.moved(series, points, fitted),
        fitted,
        key.form().equals(LawForms.MODEL)
            ? LawResampling.noShifts(series, points)
            : LawResampling.seedShifts(series, points),
        noise,
        new SplittableRandom(series.seedOf(key.symbol(), key.mixture(), key.place())));
  }

  private static double[] inputs(LawForm form, StudyGrid.Cell cell) {
    return form.inputs().stream().mapToDouble(in -> LawResampling.input(in, cell)).toArray();
  }

  /**
   * Returns the scatter that the seed noise does not explain. It is the whole scatter if the noise
   * is unknown or if the points come from different runs.
   */
  Optional<NoiseEstimate> excess(LawForm form) {
    return Optional.ofNullable(excess.get(form));
  }

  Answer<LawFit> data(String mixture, StudyGrid.Model model) {
    return find(LawKey.data(mixture, model));
  }

  Answer<LawFit> model(String mixture, Tokens budget) {
    return find(LawKey.model(mixture, budget));
  }

  Answer<LawFit> chinchilla(String mixture) {
    return find(LawKey.chinchilla(mixture));
  }

  private Answer<LawFit> find(LawKey key) {
    Answer<LawFit> fit = fits.get(key);
    return fit != null
        ? fit
        : Answer.refused(
            key.describe(series.domain()),
            "no run of this mixture completed",
            "complete at least one run of the mixture");
  }

  void refuse(RefusalCollector refusals) {
    fits.forEach(
        (key, fit) -> fit.toRefusal().ifPresent(r -> refusals.law(key, series.domain(), r)));
  }

  List<FittedLaw> laws() {
    List<FittedLaw> laws = new ArrayList<>();
    fits.forEach(
        (key, fit) ->
            fit.toOptional()
                .ifPresent(f -> laws.add(key.fitted(series.domain(), f, heldOut(key), List.of()))));
    return laws;
  }

  /** Returns the relative error at the largest D or N when that point is held out of the fit. */
  private OptionalDouble heldOut(LawKey key) {
    Observations all = observations(key);
    String axis = key.form().equals(LawForms.MODEL) ? Input.N : Input.D;
    return fitter(key)
        .bootstrap(0)
        .heldOut(all.largest(axis))
        .fit(all)
        .toOptional()
        .flatMap(f -> f.heldOut())
        .map(h -> OptionalDouble.of(h.meanRelativeError()))
        .orElse(OptionalDouble.empty());
  }

  /**
   * The identity of a law of a series, which consists of its form and the fitted runs.
   *
   * @param model model whose runs L(D) is fitted to; empty for other forms
   * @param budget budget whose runs L(N) is fitted to; empty for other forms
   */
  record LawKey(
      LawForm form, String mixture, Optional<StudyGrid.Model> model, Optional<Tokens> budget) {

    static LawKey data(String mixture, StudyGrid.Model model) {
      return new LawKey(LawForms.DATA, mixture, Optional.of(model), Optional.empty());
    }

    static LawKey model(String mixture, Tokens budget) {
      return new LawKey(LawForms.MODEL, mixture, Optional.empty(), Optional.of(budget));
    }

    static LawKey chinchilla(String mixture) {
      return new LawKey(LawForms.CHINCHILLA, mixture, Optional.empty(), Optional.empty());
    }

    FittedLaw fitted(String domain, LawFit fit, OptionalDouble heldOut, List<String> warnings) {
      return new FittedLaw(
          fit.form().id(),
          mixture,
          domain,
          model.map(StudyGrid.Model::name),
          budget,
          fit.parameters(),
          fit.objective(),
          fit.r2(),
          fit.status(),
          fit.points(),
          heldOut,
          optima(fit),
          Texts.joined(fit.warnings(), warnings));
    }

    private static List<ComputeOptimum> optima(LawFit fit) {
      if (!fit.form().equals(LawForms.CHINCHILLA)) {
        return List.of();
      }
      Observations runs = fit.observations();
      double largest =
          runs.rows().stream()
              .mapToDouble(row -> 6 * runs.input(row, Input.N) * runs.input(row, Input.D))
              .max()
              .orElseThrow();
      return Stream.of(largest, 10 * largest)
          .flatMap(flops -> fit.optimal(flops).toOptional().stream())
          .toList();
    }

    /** Returns the left side of the formula, such as {@code L(D)}. */
    String symbol() {
      return form.formula().substring(0, form.formula().indexOf(" ="));
    }

    /**
     * Describes the model or budget of the law, such as {@code model 1M} or {@code 20M tokens}.
     * Returns an empty string for L(N, D).
     */
    String place() {
      return model.map(LawKey::place).or(() -> budget.map(LawKey::place)).orElse("");
    }

    static String place(StudyGrid.Model model) {
      return "model " + model.name();
    }

    static String place(Tokens budget) {
      return budget + " tokens";
    }

    String describe(String domain) {
      return Texts.format(
          "law %s of %s%s on %s",
          symbol(),
          mixture,
          (place().isEmpty() ? "" : " at " + place()),
          (domain.equals(FittedLaw.MACRO) ? "the macro average" : domain));
    }
  }
}
