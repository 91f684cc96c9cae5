package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.stats.Quantiles;
import dev.mixlaw.eval.stats.WilsonInterval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The values of a metric on one multiple-choice test, at all points of the grid. All runs answer
 * the same questions, so comparisons are paired like comparisons of losses.
 */
record ChoiceFindings(StudyGrid grid, Metric metric, LossSeries series) {
  private static final Set<Metric> LOSSES =
      Arrays.stream(LossUnit.values()).map(Metric::of).collect(Collectors.toSet());

  static List<ChoiceFinding> of(StudyGrid grid) {
    List<ChoiceFinding> all = new ArrayList<>();
    for (Metric metric : grid.metrics()) {
      if (!LOSSES.contains(metric)) {
        ResampledLosses.of(grid, metric, Set.of())
            .domains()
            .forEach(series -> all.addAll(new ChoiceFindings(grid, metric, series).all()));
      }
    }
    return all;
  }

  private List<ChoiceFinding> all() {
    Map<StudyGrid.Cell, Comparison> compared = Comparisons.withBaseline(grid, series);
    Iterator<Comparison> adjusted = Comparisons.adjusted(List.copyOf(compared.values())).iterator();
    compared.replaceAll((cell, c) -> adjusted.next());
    return grid.cells().stream()
        .map(cell -> finding(cell, Optional.ofNullable(compared.get(cell))))
        .toList();
  }

  private ChoiceFinding finding(StudyGrid.Cell cell, Optional<Comparison> difference) {
    Double chance = measurement(cell.runs().get(0)).details().get("chance");
    return new ChoiceFinding(
        series.domain(),
        metric,
        cell.mixture(),
        cell.model().name(),
        cell.budget(),
        cell.runs().size(),
        series.documents(),
        chance == null ? OptionalDouble.empty() : OptionalDouble.of(chance),
        value(cell),
        series.seeds().known()
            ? OptionalDouble.of(series.seeds().at(cell).standardDeviation())
            : OptionalDouble.empty(),
        difference);
  }

  private Measurement measurement(RunResult run) {
    return run.measurement(series.domain(), metric).orElseThrow();
  }

  /** Returns the mean over seeds and questions. Fractions have Wilson's interval. */
  private Estimate value(StudyGrid.Cell cell) {
    if (!metric.unit().isEmpty() || series.documents() == 0) {
      return new Estimate(series.value(cell), Quantiles.interval95(series.documentDraws(cell)));
    }
    double[] means = new double[series.documents()];
    for (RunResult run : cell.runs()) {
      List<Double> scores = measurement(run).scores();
      Arrays.setAll(means, q -> means[q] + scores.get(q) / cell.runs().size());
    }
    return WilsonInterval.ofMean(means);
  }
}
