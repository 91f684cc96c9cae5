package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.ChoiceAccuracy.Answered;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.stats.DocumentBootstrap;
import dev.mixlaw.eval.stats.Quantiles;
import dev.mixlaw.eval.stats.WilsonInterval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Accuracies of one multiple-choice test over the grid. All runs answer the same questions, so
 * comparisons are paired: intervals come from a bootstrap over questions, with seed noise added.
 */
final class ChoiceFindings {
  private static final long SEED = 20_241_123;

  private final StudyGrid grid;
  private final int test;
  private final OptionalDouble spread;

  private ChoiceFindings(StudyGrid grid, int test) {
    this.grid = grid;
    this.test = test;
    this.spread = spread();
  }

  /** Returns the findings of all tests, in the study's order. */
  static List<ChoiceFinding> of(StudyGrid grid) {
    int tests = grid.completed().stream().mapToInt(r -> r.choices().size()).min().orElse(0);
    List<ChoiceFinding> all = new ArrayList<>();
    for (int test = 0; test < tests; test++) {
      ChoiceFindings findings = new ChoiceFindings(grid, test);
      grid.cells().forEach(cell -> all.add(findings.of(cell)));
    }
    return all;
  }

  private ChoiceFinding of(StudyGrid.Cell cell) {
    ChoiceAccuracy any = any(cell);
    StudyGrid.@Nullable Cell base =
        cell.mixture().equals(grid.baseline())
            ? null
            : grid.cell(grid.baseline(), cell.model(), cell.budget()).orElse(null);
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
        spread,
        base == null ? Optional.empty() : Optional.of(difference(cell, base)));
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

  private Estimate difference(StudyGrid.Cell cell, StudyGrid.Cell base) {
    double[] differences = right(cell, Answered::byBytes);
    double[] baseline = right(base, Answered::byBytes);
    Arrays.setAll(differences, q -> differences[q] - baseline[q]);
    double[] draws =
        new DocumentBootstrap(differences.length, DocumentBootstrap.RESAMPLES, SEED)
            .sums(differences);
    double seeds =
        spread.orElse(0) * Math.sqrt(1.0 / cell.runs().size() + 1.0 / base.runs().size());
    SplittableRandom random = new SplittableRandom(SEED);
    for (int r = 0; r < draws.length; r++) {
      draws[r] = draws[r] / differences.length + seeds * random.nextGaussian();
    }
    return new Estimate(
        Arrays.stream(differences).sum() / differences.length, Quantiles.interval95(draws));
  }

  /** Returns the standard deviation over seeds, pooled over all points with two seeds. */
  private OptionalDouble spread() {
    double squares = 0;
    int freedom = 0;
    for (StudyGrid.Cell cell : grid.cells()) {
      double[] each =
          cell.runs().stream().mapToDouble(r -> r.choices().get(test).byBytes().value()).toArray();
      double mean = Arrays.stream(each).average().orElse(0);
      squares += Arrays.stream(each).map(x -> (x - mean) * (x - mean)).sum();
      freedom += each.length - 1;
    }
    return freedom > 0 ? OptionalDouble.of(Math.sqrt(squares / freedom)) : OptionalDouble.empty();
  }
}
