package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.eval.stats.DocumentBootstrap;
import dev.mixlaw.eval.stats.WilsonInterval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Accuracies on one multiple-choice test at all points of the grid. All runs answer the same
 * questions, so comparisons are paired in the same way as comparisons of losses: questions are
 * resampled in place of documents, and the seed noise of the accuracy is a function of model size
 * and budget.
 */
final class ChoiceFindings {
  private final StudyGrid grid;
  private final int test;
  private final Metric metric;
  private final LossSeries series;

  private ChoiceFindings(StudyGrid grid, int test, Metric metric) {
    this.grid = grid;
    this.test = test;
    this.metric = metric;
    double[][] scores = grid.completed().stream().map(this::scores).toArray(double[][]::new);
    int questions = scores[0].length;
    double[][] draws =
        new DocumentBootstrap(questions, DocumentBootstrap.RESAMPLES, grid.seedOf(test))
            .sums(scores);
    for (double[] run : draws) {
      Arrays.setAll(run, r -> run[r] / questions);
    }
    series =
        new LossSeries(
            grid,
            any(grid.cells().get(0)).test(),
            questions,
            Arrays.stream(scores).mapToDouble(s -> Arrays.stream(s).sum() / questions).toArray(),
            draws);
  }

  /** Returns the findings of each test in the study's order, sorted by metric within a test. */
  static List<ChoiceFinding> of(StudyGrid grid) {
    int tests = grid.completed().stream().mapToInt(r -> r.choices().size()).min().orElse(0);
    List<ChoiceFinding> all = new ArrayList<>();
    for (int test = 0; test < tests; test++) {
      for (Measurement m : grid.completed().get(0).choices().get(test).measurements()) {
        all.addAll(new ChoiceFindings(grid, test, m.metric()).all());
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
    ChoiceAccuracy any = any(cell);
    return new ChoiceFinding(
        any.test(),
        metric,
        cell.mixture(),
        cell.model().name(),
        cell.budget(),
        cell.runs().size(),
        any.questions(),
        any.chance(),
        WilsonInterval.ofMean(meanScores(cell)),
        series.seeds().known()
            ? OptionalDouble.of(series.seeds().at(cell).standardDeviation())
            : OptionalDouble.empty(),
        difference);
  }

  private ChoiceAccuracy any(StudyGrid.Cell cell) {
    return cell.runs().get(0).choices().get(test);
  }

  private double[] scores(RunResult run) {
    return run.choices().get(test).of(metric).scores().stream().mapToDouble(s -> s).toArray();
  }

  /** Returns the mean score of each question over the seeds of a cell. */
  private double[] meanScores(StudyGrid.Cell cell) {
    double[] means = new double[any(cell).questions()];
    for (RunResult run : cell.runs()) {
      double[] scores = scores(run);
      Arrays.setAll(means, q -> means[q] + scores[q] / cell.runs().size());
    }
    return means;
  }
}
