package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.LossCurve;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.analysis.LossPredictor.FittedCurve;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * The measured losses as a function of tokens, with the fitted laws and their confidence bands.
 *
 * @param means average losses of each completed run
 * @param laws all laws of the study, for every domain and the macro average
 * @param macro laws of the macro average, from which the bands are computed
 */
record LossCurves(StudyGrid grid, List<MeanLoss> means, List<FittedLaw> laws, StudyLaws macro) {
  private static final int STEPS = 80;

  /** Distance in ln D by which the curve of a law extends beyond the measured budgets. */
  private static final double MARGIN = 0.1;

  /** Returns all curves, ordered by domain, mixture and model. The macro average is first. */
  List<LossCurve> all() {
    List<String> domains = new ArrayList<>(List.of(FittedLaw.MACRO));
    domains.addAll(grid.domains());
    List<LossCurve> all = new ArrayList<>();
    for (String domain : domains) {
      for (String mixture : grid.mixtures()) {
        for (StudyGrid.Model model : grid.models()) {
          SortedMap<Double, Estimate> measured = measured(mixture, model, domain);
          if (!measured.isEmpty()) {
            all.add(curve(mixture, model, domain, measured));
          }
        }
      }
    }
    return all;
  }

  private LossCurve curve(
      String mixture, StudyGrid.Model model, String domain, SortedMap<Double, Estimate> measured) {
    Optional<FittedLaw> law =
        laws.stream()
            .filter(l -> l.form().equals("data") && l.domain().equals(domain))
            .filter(l -> l.mixture().equals(mixture))
            .filter(l -> l.model().equals(Optional.of(model.name())))
            .findFirst();
    Optional<FittedCurve> band =
        domain.equals(FittedLaw.MACRO)
            ? macro.data(mixture, model).toOptional().map(k -> FittedCurve.ofData(mixture, k))
            : Optional.empty();
    SortedMap<Double, Estimate> fitted =
        law.map(l -> fitted(l, band, measured)).orElseGet(TreeMap::new);
    return new LossCurve(mixture, model.name(), domain, measured, law, fitted);
  }

  private static SortedMap<Double, Estimate> fitted(
      FittedLaw law, Optional<FittedCurve> band, SortedMap<Double, Estimate> measured) {
    double from = Math.log(measured.firstKey()) - MARGIN;
    double to = Math.log(measured.lastKey()) + MARGIN;
    SortedMap<Double, Estimate> curve = new TreeMap<>();
    for (int i = 0; i <= STEPS; i++) {
      double d = Math.exp(from + (to - from) * i / STEPS);
      double loss = FittedCurve.loss(value(law, "E"), value(law, "B"), value(law, "beta"), d);
      curve.put(
          d,
          band.map(b -> new Estimate(loss, Quantiles.interval95(b.lossDraws(d))))
              .orElse(Estimate.of(loss, loss, loss)));
    }
    return curve;
  }

  private static double value(FittedLaw law, String parameter) {
    return law.parameters().get(parameter).value();
  }

  private SortedMap<Double, Estimate> measured(
      String mixture, StudyGrid.Model model, String domain) {
    Map<Tokens, List<Estimate>> byBudget = new TreeMap<>();
    List<RunResult> runs = grid.completed();
    for (int i = 0; i < runs.size(); i++) {
      RunResult run = runs.get(i);
      if (run.key().mixture().equals(mixture) && run.key().model().equals(model.name())) {
        byBudget
            .computeIfAbsent(run.key().budget(), b -> new ArrayList<>())
            .add(loss(run, means.get(i), domain));
      }
    }
    SortedMap<Double, Estimate> points = new TreeMap<>();
    byBudget.forEach((budget, seeds) -> points.put((double) budget.count(), mean(seeds)));
    return points;
  }

  private Estimate loss(RunResult run, MeanLoss mean, String domain) {
    return domain.equals(FittedLaw.MACRO)
        ? mean.macro().get(grid.metric())
        : run.measurement(domain, grid.metric()).orElseThrow().value();
  }

  private static Estimate mean(List<Estimate> seeds) {
    return Estimate.of(
        mean(seeds.stream().mapToDouble(Estimate::value)),
        mean(seeds.stream().mapToDouble(e -> e.interval().low())),
        mean(seeds.stream().mapToDouble(e -> e.interval().high())));
  }

  private static double mean(DoubleStream values) {
    return values.average().orElseThrow();
  }
}
