package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.ChoiceAccuracy.Answered;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.stats.DocumentBootstrap;
import dev.mixlaw.eval.stats.WilsonInterval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * Accuracies of one multiple-choice test over the grid. All runs answer the same questions, so
 * comparisons are paired like those of losses: questions are resampled in place of documents, and
 * the seed noise of the accuracy is a function of model size and budget.
 */
final class ChoiceFindings {
  private static final long SEED = 20_241_123;

  private final StudyGrid grid;
  private final int test;
  private final LossSeries series;

  private ChoiceFindings(StudyGrid grid, int test) {
    this.grid = grid;
    this.test = test;
    double[][] right =
        grid.completed().stream()
            .map(
                run ->
                    run.choices().get(test).answers().stream()
                        .mapToDouble(answer -> answer.byBytes() ? 1 : 0)
                        .toArray())
            .toArray(double[][]::new);
    int questions = right[0].length;
    double[][] draws =
        new DocumentBootstrap(questions, DocumentBootstrap.RESAMPLES, SEED).sums(right);
    for (double[] run : draws) {
      Arrays.setAll(run, r -> run[r] / questions);
    }
    series =
        new LossSeries(
            grid,
            any(grid.cells().get(0)).test(),
            questions,
            Arrays.stream(right).mapToDouble(r -> Arrays.stream(r).sum() / questions).toArray(),
            draws);
  }

  /** Returns the findings of all tests, in the study's order. */
  static List<ChoiceFinding> of(StudyGrid grid) {
    int tests = grid.completed().stream().mapToInt(r -> r.choices().size()).min().orElse(0);
    List<ChoiceFinding> all = new ArrayList<>();
    for (int test = 0; test < tests; test++) {
      ChoiceFindings findings = new ChoiceFindings(grid, test);
      List<ChoiceFinding> own = grid.cells().stream().map(findings::of).toList();
      List<ChoiceFinding> compared = own.stream().filter(f -> f.difference().isPresent()).toList();
      List<ChoiceFinding> adjusted =
          Comparisons.adjusted(
              compared, f -> f.difference().orElseThrow(), (f, c) -> f.withDifference(c));
      own.forEach(f -> all.add(f.difference().isPresent() ? adjusted.get(compared.indexOf(f)) : f));
    }
    return all;
  }

  private ChoiceFinding of(StudyGrid.Cell cell) {
    ChoiceAccuracy any = any(cell);
    return new ChoiceFinding(
        any.test(),
        cell.mixture(),
        cell.model().name(),
        cell.budget(),
        cell.runs().size(),
        any.answers().size(),
        any.chance(),
        mean(cell, Answered::plain),
        mean(cell, Answered::byBytes),
        mean(cell, Answered::byTokens),
        series.seeds().known()
            ? OptionalDouble.of(series.seeds().at(cell).standardDeviation())
            : OptionalDouble.empty(),
        grid.cell(grid.baseline(), cell.model(), cell.budget())
            .filter(base -> !base.equals(cell))
            .map(base -> Comparisons.of(series, cell, base)));
  }

  private ChoiceAccuracy any(StudyGrid.Cell cell) {
    return cell.runs().get(0).choices().get(test);
  }

  /** Returns, for each question, the share of seeds that answered correctly. */
  private double[] right(StudyGrid.Cell cell, Predicate<Answered> right) {
    double[] parts = new double[any(cell).answers().size()];
    for (var run : cell.runs()) {
      List<Answered> answers = run.choices().get(test).answers();
      for (int q = 0; q < parts.length; q++) {
        parts[q] += right.test(answers.get(q)) ? 1.0 / cell.runs().size() : 0;
      }
    }
    return parts;
  }

  /** Returns the mean with a Wilson interval for the effective number of questions. */
  private Estimate mean(StudyGrid.Cell cell, Predicate<Answered> right) {
    double[] parts = right(cell, right);
    double mean = Math.min(1, Arrays.stream(parts).sum() / parts.length);
    double variance = Arrays.stream(parts).map(x -> (x - mean) * (x - mean)).sum() / parts.length;
    double binomial = mean * (1 - mean);
    double questions = variance > 0 ? parts.length * binomial / variance : parts.length;
    return WilsonInterval.of(mean, questions);
  }
}
