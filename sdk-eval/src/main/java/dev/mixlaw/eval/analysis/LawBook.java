package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.Answer;
import dev.mixlaw.api.Estimate;
import dev.mixlaw.api.FittedLaw;
import dev.mixlaw.api.Tokens;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Objective;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Resampling;
import dev.mixlaw.eval.law.internal.Noise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * All laws of one series: L(D) of each mixture at each model, L(N) at each budget, L(N, D) of each
 * mixture.
 *
 * <p>Each point is the mean of its seeds. A draw of a law is a refit to
 *
 * <pre>(fitted_i + a + b·(fitted_i - mean) + shift_i) · exp(s·z_i)</pre>
 *
 * <p>where a and b are what other documents do to the curve: the regression, on the fitted loss, of
 * the points' change when documents are resampled (the same documents for all mixtures, so that
 * draws of two laws can be compared in pairs); shift_i is what another seed does to all budgets of
 * a model, left out of L(N), whose points are different runs anyway; and s is the spread of points
 * about their laws by least squares: of all laws of the form together, or of the law's own points
 * where it is more than twice as large, as uncertain as the points left over make it.
 */
final class LawBook {
  private static final int FEWEST_RESAMPLES = 100;

  /** No draw of a loss is below this part of it, so that it stays positive. */
  private static final double LEAST = 0.01;

  private final Series series;
  private final Map<LawKey, List<Grid.Cell>> cells = new LinkedHashMap<>();
  private final Map<LawKey, Answer<LawFit>> fits = new LinkedHashMap<>();

  LawBook(Grid grid, Series series) {
    this.series = series;
    for (String mixture : grid.mixtures()) {
      for (Grid.Model model : grid.models()) {
        collect(
            new LawKey(LawForms.DATA, mixture, Optional.of(model), Optional.empty()),
            grid.overBudgets(mixture, model));
      }
    }
    for (String mixture : grid.mixtures()) {
      for (Tokens budget : grid.budgets()) {
        collect(
            new LawKey(LawForms.MODEL, mixture, Optional.empty(), Optional.of(budget)),
            grid.overModels(mixture, budget));
      }
    }
    for (String mixture : grid.mixtures()) {
      collect(
          new LawKey(LawForms.CHINCHILLA, mixture, Optional.empty(), Optional.empty()),
          grid.of(mixture));
    }
    for (LawForm form : List.of(LawForms.DATA, LawForms.MODEL, LawForms.CHINCHILLA)) {
      fit(form);
    }
  }

  private void collect(LawKey key, List<Grid.Cell> points) {
    if (!points.isEmpty()) {
      cells.put(key, points);
    }
  }

  private void fit(LawForm form) {
    Map<LawKey, LawFit> first = new LinkedHashMap<>();
    Map<LawKey, Double> spreads = new LinkedHashMap<>();
    double squares = 0;
    int freedom = 0;
    for (LawKey key : cells.keySet()) {
      if (key.form().equals(form)) {
        Answer<LawFit> fit = fitter(key).bootstrap(FEWEST_RESAMPLES).fit(observations(key));
        fits.put(key, fit);
        fit.toOptional().ifPresent(f -> first.put(key, f));
      }
    }
    for (LawKey key : first.keySet()) {
      double own = squaredScatter(key, first.get(key));
      int left = Math.max(1, cells.get(key).size() - form.parameters().size());
      spreads.put(key, Math.sqrt(own / left));
      squares += own;
      freedom += left;
    }
    double pooled = Math.sqrt(squares / Math.max(1, freedom));
    for (LawKey key : first.keySet()) {
      double own = spreads.get(key);
      Noise noise = new Noise(own > 2 * pooled ? own : pooled, freedom);
      fits.put(
          key,
          fitter(key)
              .resampling(Resampling.losses(draws(key, first.get(key), noise)))
              .fit(observations(key)));
    }
  }

  /**
   * Sum of squared relative residuals of a least-squares fit: those of the robust fit overstate the
   * noise, as it goes through some points and leaves all the error to the others.
   */
  private double squaredScatter(LawKey key, LawFit robust) {
    Observations points = observations(key);
    return fitter(key)
        .objective(Objective.LEAST_SQUARES)
        .bootstrap(FEWEST_RESAMPLES)
        .fit(points)
        .toOptional()
        .map(fit -> squaredScatter(points, fit))
        .orElseGet(() -> squaredScatter(points, robust));
  }

  private static double squaredScatter(Observations points, LawFit fit) {
    double sum = 0;
    for (Observations.Observation o : points.rows()) {
      double[] inputs =
          fit.form().inputs().stream().mapToDouble(in -> points.input(o, in.name())).toArray();
      double relative = fit.loss(inputs) / o.loss() - 1;
      sum += relative * relative;
    }
    return sum;
  }

  private LawFitter fitter(LawKey key) {
    return LawFitter.of(key.form()).named(key.describe(series.domain()));
  }

  private Observations observations(LawKey key) {
    Observations.Builder builder = Observations.of(Input.N, Input.D);
    for (Grid.Cell c : cells.get(key)) {
      builder.add(
          c.mixture() + " · " + c.model().name() + " · " + c.budget() + " tokens",
          series.value(c),
          c.model().params().count(),
          c.tokens());
    }
    return builder.build();
  }

  private double[][] draws(LawKey key, LawFit fit, Noise noise) {
    List<Grid.Cell> points = cells.get(key);
    double[] fitted = points.stream().mapToDouble(c -> fit.loss(inputs(key.form(), c))).toArray();
    double mean = Arrays.stream(fitted).average().orElseThrow();
    double variation = Arrays.stream(fitted).map(f -> (f - mean) * (f - mean)).sum();
    int resamples = series.draws(points.get(0)).length;
    double[][] draws = new double[resamples][points.size()];
    SplittableRandom random =
        new SplittableRandom(
            Objects.hash(series.domain(), key.symbol(), key.mixture(), key.place()));
    for (int r = 0; r < resamples; r++) {
      double level = 0;
      double slope = 0;
      for (int i = 0; i < fitted.length; i++) {
        Grid.Cell c = points.get(i);
        double change = series.documentDraws(c)[r] - series.value(c);
        level += change / fitted.length;
        slope += variation > 0 ? change * (fitted[i] - mean) / variation : 0;
      }
      double spread = noise.drawSpread(random);
      for (int i = 0; i < fitted.length; i++) {
        double shift = key.form().equals(LawForms.MODEL) ? 0 : series.shifts(points.get(i))[r];
        double loss = fitted[i] + level + slope * (fitted[i] - mean) + shift;
        draws[r][i] = Math.max(loss, LEAST * fitted[i]) * Math.exp(spread * random.nextGaussian());
      }
    }
    return draws;
  }

  private static double[] inputs(LawForm form, Grid.Cell cell) {
    return form.inputs().stream()
        .mapToDouble(
            in -> in.name().equals(Input.N) ? cell.model().params().count() : cell.tokens())
        .toArray();
  }

  /** L(D) of a mixture at a model. */
  Answer<LawFit> data(String mixture, Grid.Model model) {
    return find(new LawKey(LawForms.DATA, mixture, Optional.of(model), Optional.empty()));
  }

  /** L(N) of a mixture at a budget. */
  Answer<LawFit> model(String mixture, Tokens budget) {
    return find(new LawKey(LawForms.MODEL, mixture, Optional.empty(), Optional.of(budget)));
  }

  /** L(N, D) of a mixture. */
  Answer<LawFit> chinchilla(String mixture) {
    return find(new LawKey(LawForms.CHINCHILLA, mixture, Optional.empty(), Optional.empty()));
  }

  private Answer<LawFit> find(LawKey key) {
    Answer<LawFit> fit = fits.get(key);
    return fit != null
        ? fit
        : Answer.refused(
            key.describe(series.domain()),
            "no run of it completed",
            "runs of the mixture that complete");
  }

  void refuse(RefusalList refusals) {
    fits.forEach(
        (key, fit) -> {
          if (fit instanceof Answer.Refused<LawFit> refused) {
            refusals.law(key, series.domain(), refused.refusal());
          }
        });
  }

  /** As the findings show them. */
  List<FittedLaw> laws() {
    List<FittedLaw> laws = new ArrayList<>();
    fits.forEach((key, fit) -> fit.toOptional().ifPresent(f -> laws.add(law(key, f))));
    return laws;
  }

  private FittedLaw law(LawKey key, LawFit fit) {
    Map<String, Estimate> parameters = fit.parameters();
    return new FittedLaw(
        key.form().id(),
        key.mixture(),
        series.domain(),
        key.model().map(Grid.Model::name),
        key.budget(),
        parameters,
        fit.objective(),
        fit.r2(),
        fit.status(),
        fit.summary().points(),
        heldOut(key),
        fit.warnings());
  }

  /** Relative error at the largest D (of a model law: N) of a fit without it. */
  private OptionalDouble heldOut(LawKey key) {
    Observations all = observations(key);
    String axis = key.form().equals(LawForms.MODEL) ? Input.N : Input.D;
    double largest = Arrays.stream(all.column(axis)).max().orElseThrow();
    return fitter(key)
        .bootstrap(FEWEST_RESAMPLES)
        .heldOut(o -> all.input(o, axis) == largest)
        .fit(all)
        .toOptional()
        .flatMap(f -> f.summary().heldOut())
        .map(h -> OptionalDouble.of(h.meanRelativeError()))
        .orElse(OptionalDouble.empty());
  }
}
