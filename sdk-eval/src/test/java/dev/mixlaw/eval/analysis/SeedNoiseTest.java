package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Metric;
import dev.mixlaw.eval.analysis.StudySimulation.Tally;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class SeedNoiseTest {
  /**
   * Returns the grid of a study of one model, in which web has several seeds and hq has one. Losses
   * are given in the order of the grid's runs: web before hq, by budget and seed.
   */
  private static StudyGrid grid(int seeds, long... budgets) {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000};
    s.budgets = budgets;
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    s.mixture("hq", Map.of("hq", 1.0), (n, d) -> 3);
    s.seeds.put("web", seeds);
    return new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
  }

  /**
   * Returns the median over the posterior draws of the standard deviation of the mean seed effect
   * over the given points.
   */
  private static double median(SeedNoise noise, List<StudyGrid.Cell> points) {
    double[] spreads = new double[1000];
    Arrays.setAll(spreads, r -> noise.spreadOfMean(r, points));
    Arrays.sort(spreads);
    return spreads[500];
  }

  @Test
  void poolsTheSpreadOfPointsAtOneBudget() {
    // given three seeds with the losses 1, 2 and 3
    StudyGrid grid = grid(3, 1_000_000);
    SeedNoise noise = SeedNoise.of(grid, new double[] {1, 2, 3, 9}, 1);

    // then s² = 2 / 2, and draws of the variance are distributed as 2 / chi-square(2), whose median
    // is 1 / ln 2
    assertThat(noise.known()).isTrue();
    assertThat(noise.at(grid.cells().get(0)).standardDeviation()).isCloseTo(1, within(0.1));
    assertThat(noise.at(grid.cells().get(0)).degreesOfFreedom()).isBetween(1.4, 2.2);
    assertThat(median(noise, grid.cells().subList(0, 1)))
        .isCloseTo(1 / Math.sqrt(3 * Math.log(2)), within(0.06));
  }

  @Test
  void errorsAtTwoBudgetsAreCorrelatedAsFarAsTheSeedsShowIt() {
    // given seeds in the same order at both budgets, and seeds in reverse order at the second
    // budget
    StudyGrid grid = grid(5, 1_000_000, 2_000_000);
    SeedNoise alike = SeedNoise.of(grid, new double[] {1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 9, 9}, 1);
    SeedNoise unlike = SeedNoise.of(grid, new double[] {1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 9, 9}, 1);
    List<StudyGrid.Cell> both = grid.cells().subList(0, 2);

    // then the mean over both budgets is as uncertain as one budget if the order is the same, and
    // less uncertain otherwise
    assertThat(median(alike, both)).isGreaterThan(0.95 * median(alike, both.subList(0, 1)));
    assertThat(median(unlike, both)).isLessThan(0.9 * median(unlike, both.subList(0, 1)));
  }

  @Test
  void aPointWithoutRunsHasTheNoiseOfItsNeighbours() {
    StudyGrid grid = grid(3, 1_000_000, 2_000_000);
    SeedNoise noise = SeedNoise.of(grid, new double[] {1, 2, 3, 1, 2, 3, 9, 9}, 1);
    StudyGrid.Cell run = grid.cells().get(1);
    StudyGrid.Cell none =
        new StudyGrid.Cell(-1, run.mixture(), run.model(), run.budget(), 0, List.of(), 0);

    assertThat(noise.at(none)).isEqualTo(noise.at(run));
  }

  @Test
  void aSeedThatSkipsABudgetIsNotPairedAcrossIt() {
    // given two of five seeds without a run at the second of three budgets
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000};
    s.budgets = new long[] {1_000_000, 2_000_000, 4_000_000};
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    s.seeds.put("web", 5);
    StudyGrid grid =
        new StudyGrid(
            s.provenance(),
            s.runs().stream()
                .filter(r -> r.key().budget().count() != 2_000_000 || r.key().seed() < 3)
                .toList(),
            Metric.NATS_PER_TOKEN);

    // when these two seeds have equal deviations at the first and last budget, or opposite ones
    SeedNoise alike =
        SeedNoise.of(grid, new double[] {1, 2, 3, 1.5, 2.5, 1, 2, 3, 1, 2, 3, 1.5, 2.5}, 1);
    SeedNoise unlike =
        SeedNoise.of(grid, new double[] {1, 2, 3, 2.5, 1.5, 1, 2, 3, 1, 2, 3, 1.5, 2.5}, 1);

    // then the estimated correlation is the same, because only neighbouring budgets are paired
    assertThat(unlike.memory()).isEqualTo(alike.memory());
  }

  @Test
  void followsASpreadThatFallsWithTheBudgetAsFarAsTheSeedsShowIt() {
    // given a standard deviation of 0.1 at 1M tokens and of 0.01 at 10M, with one model and with
    // four
    StudyGrid one = grid(3, 1_000_000, 10_000_000);
    SeedNoise few = SeedNoise.of(one, new double[] {2.9, 3, 3.1, 2.9895, 3.001, 3.0095, 9, 9}, 1);
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000, 2_000_000, 4_000_000, 8_000_000};
    s.budgets = new long[] {1_000_000, 10_000_000};
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    s.seeds.put("web", 3);
    StudyGrid four = new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
    double[] losses = new double[24];
    // each seed has nearly the same relative deviation at both budgets
    Arrays.setAll(
        losses, i -> 3 + (i / 3 % 2 == 0 ? 0.1 : 0.01) * (i % 3 - 1 + 0.05 * Math.sin(100 * i)));
    SeedNoise more = SeedNoise.of(four, losses, 1);

    // then the fall of the noise is estimated in part from one model, and almost completely from
    // four
    assertThat(few.at(one.cells().get(0)).standardDeviation()).isBetween(0.06, 0.14);
    assertThat(few.at(one.cells().get(1)).standardDeviation()).isBetween(0.006, 0.03);
    assertThat(more.at(four.cells().get(0)).standardDeviation()).isBetween(0.085, 0.115);
    assertThat(more.at(four.cells().get(1)).standardDeviation()).isBetween(0.009, 0.012);
  }

  /** Returns the grid of mixtures web, m1, m2 … with two seeds, three models and three budgets. */
  private static StudyGrid several(int mixtures) {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000, 2_000_000, 4_000_000};
    s.budgets = new long[] {1_000_000, 4_000_000, 16_000_000};
    s.documents = 1;
    for (int m = 0; m < mixtures; m++) {
      String name = m == 0 ? "web" : "m" + m;
      s.mixture(name, Map.of(name, 1.0), (n, d) -> 3);
      s.seeds.put(name, 2);
    }
    return new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
  }

  /** Returns losses with a seed noise of 0.03 times the factor of each point. */
  private static double[] losses(
      StudyGrid grid, SplittableRandom random, ToDoubleFunction<StudyGrid.Cell> factor) {
    double[] losses = new double[grid.completed().size()];
    for (StudyGrid.Cell cell : grid.cells()) {
      for (int k = 0; k < cell.runs().size(); k++) {
        losses[cell.firstRun() + k] = 0.03 * factor.applyAsDouble(cell) * random.nextGaussian();
      }
    }
    return losses;
  }

  /**
   * With a single noise estimate for all mixtures, the noise of the quiet ones was overestimated by
   * a factor of four.
   */
  @Test
  void intervalsOfQuietAndOfNoisyMixturesContainTheTrueDifference() {
    Tally tally = SeedNoiseCoverage.noisyMixtures(2).simulate(12);

    assertThat(tally.mean("held of m1")).isBetween(0.88, 0.999);
    assertThat(tally.mean("held of m2")).isBetween(0.9, 0.999);
    assertThat(tally.mean("width")).isBetween(1.1, 1.6);
  }

  /**
   * With a single exponent for all mixtures, only 85 % of the intervals contained the true
   * difference at the smallest budget.
   */
  @Test
  void intervalsOfMixturesWithDifferentExponentsContainTheTrueDifference() {
    Tally tally = SeedNoiseCoverage.exponents(2).simulate(12);

    assertThat(tally.mean("held at 125k")).isBetween(0.9, 0.999);
    assertThat(tally.mean("held at 2M")).isBetween(0.9, 0.999);
  }

  @Test
  void equalMixturesArePooled() {
    StudyGrid grid = several(8);
    SeedNoise noise = SeedNoise.of(grid, losses(grid, new SplittableRandom(2), c -> 1), 1);

    List<NoiseEstimate> middle =
        grid.mixtures().stream()
            .map(m -> noise.at(grid.overBudgets(m, grid.models().get(1)).get(1)))
            .toList();
    assertThat(middle)
        .extracting(n -> n.standardDeviation() / 0.03)
        .allSatisfy(ratio -> assertThat(ratio).isBetween(0.8, 1.25));
    assertThat(middle)
        .extracting(NoiseEstimate::degreesOfFreedom)
        .allSatisfy(degrees -> assertThat(degrees).isGreaterThan(7));
  }

  @Test
  void noiseThatIsNoPowerOfTheBudgetIsFollowed() {
    StudyGrid grid = several(12);
    double[] losses =
        losses(
            grid, new SplittableRandom(3), c -> c.budget().equals(grid.budgets().get(1)) ? 4 : 1);
    SeedNoise noise = SeedNoise.of(grid, losses, 1);

    // a pure power law of the budget would give nearly the same noise at all three budgets
    List<StudyGrid.Cell> web = grid.overBudgets("web", grid.models().get(1));
    assertThat(noise.at(web.get(1)).standardDeviation() / noise.at(web.get(0)).standardDeviation())
        .isBetween(2.0, 6.0);
    assertThat(noise.at(web.get(1)).standardDeviation() / noise.at(web.get(2)).standardDeviation())
        .isBetween(2.0, 6.0);
  }

  @Test
  void theNoiseIsUnknownIfNoPointHasTwoSeeds() {
    SyntheticRuns s = new SyntheticRuns();
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    StudyGrid grid = new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
    SeedNoise noise = SeedNoise.of(grid, new double[10], 1);

    assertThat(noise.known()).isFalse();
    assertThat(noise.at(grid.cells().get(0)).standardDeviation()).isZero();
    assertThat(noise.path(2, grid.cells().subList(0, 2), new SplittableRandom(1))).containsOnly(0);
  }
}
