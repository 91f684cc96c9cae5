package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RateCheck;
import dev.mixlaw.api.results.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares the ranking of mixtures at other learning rates with their ranking in the grid. */
final class RateChecks {
  private RateChecks() {}

  static List<RateCheck> of(
      StudyGrid grid,
      LossSeries usual,
      Provenance provenance,
      List<RunResult> runs,
      RefusalCollector refusals) {
    Map<Double, List<RunResult>> byFactor =
        runs.stream()
            .collect(
                Collectors.groupingBy(
                    r -> r.key().rateFactor(), TreeMap::new, Collectors.toList()));
    List<Double> factors = new ArrayList<>();
    List<Comparison> before = new ArrayList<>();
    List<Comparison> after = new ArrayList<>();
    byFactor.forEach(
        (factor, ofFactor) -> {
          StudyGrid changed = new StudyGrid(provenance, ofFactor, grid.metric(), grid.seed());
          refusals.addIncomplete(changed.runs(), "use factors closer to 1 in Study.checkRates");
          if (changed.completed().isEmpty()) {
            return;
          }
          LossSeries series = ResampledLosses.of(changed, grid.metric(), Set.of()).macro();
          List<StudyGrid.Cell> cells =
              changed.cells().stream()
                  .filter(c -> grid.cell(c.mixture(), c.model(), c.budget()).isPresent())
                  .toList();
          for (StudyGrid.Cell a : cells) {
            for (StudyGrid.Cell b : cells.subList(0, cells.indexOf(a))) {
              Comparison c = Comparisons.of(usual, in(grid, a), in(grid, b));
              boolean ordered = grid.sign() * c.difference().value() <= 0;
              factors.add(factor);
              before.add(ordered ? c : Comparisons.of(usual, in(grid, b), in(grid, a)));
              after.add(ordered ? Comparisons.of(series, a, b) : Comparisons.of(series, b, a));
            }
          }
        });
    List<Comparison> adjustedBefore = Comparisons.adjusted(before, c -> "");
    List<Comparison> adjustedAfter = Comparisons.adjusted(after, c -> "");
    List<RateCheck> checks = new ArrayList<>();
    for (int i = 0; i < factors.size(); i++) {
      checks.add(new RateCheck(factors.get(i), adjustedBefore.get(i), adjustedAfter.get(i)));
    }
    return checks;
  }

  private static StudyGrid.Cell in(StudyGrid grid, StudyGrid.Cell cell) {
    return grid.cell(cell.mixture(), cell.model(), cell.budget()).orElseThrow();
  }
}
