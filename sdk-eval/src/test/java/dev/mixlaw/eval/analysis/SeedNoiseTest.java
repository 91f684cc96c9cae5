package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeedNoiseTest {
  /** Two budgets, one model; web has three seeds, hq one: runs in the grid's order. */
  private static StudyGrid grid(long... budgets) {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000};
    s.budgets = budgets;
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    s.mixture("hq", Map.of("hq", 1.0), (n, d) -> 3);
    s.seeds.put("web", 3);
    return new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
  }

  /** Returns the median over draws of the standard deviation of a mean of effects on points. */
  private static double median(SeedNoise noise, List<StudyGrid.Cell> points) {
    SeedNoise.Drawn drawn = noise.draw(20_000, 1);
    double[] spreads = new double[20_000];
    Arrays.setAll(spreads, r -> drawn.spreadOfMean(r, points));
    Arrays.sort(spreads);
    return spreads[10_000];
  }

  @Test
  void poolsTheSpreadOfPointsAtOneBudget() {
    // given seeds at 1, 2, 3 about a mean of 2
    StudyGrid grid = grid(1_000_000);
    SeedNoise noise = SeedNoise.of(grid, new double[] {1, 2, 3, 9});

    // then s² = 2 / 2, as uncertain as two degrees of freedom leave it: 2 / chi-square(2) has
    // median 1 / ln 2
    assertThat(noise.known()).isTrue();
    assertThat(noise.degreesOfFreedom()).isEqualTo(2);
    assertThat(noise.at(grid.cells().get(0)).standardDeviation()).isCloseTo(1, within(1e-9));
    assertThat(median(noise, grid.cells().subList(0, 1)))
        .isCloseTo(1 / Math.sqrt(3 * Math.log(2)), within(0.02));
  }

  @Test
  void errorsOfATrunkAreCorrelatedAsFarAsTheSeedsShowIt() {
    // given seeds that keep their order, and seeds that change places
    StudyGrid grid = grid(1_000_000, 2_000_000);
    SeedNoise alike = SeedNoise.of(grid, new double[] {1, 2, 3, 1, 2, 3, 9, 9});
    SeedNoise unlike = SeedNoise.of(grid, new double[] {1, 2, 3, 3, 2, 1, 9, 9});
    List<StudyGrid.Cell> both = grid.cells().subList(0, 2);

    // then all deviations count, and the mean over budgets is as uncertain as one budget, or less
    assertThat(alike.degreesOfFreedom()).isEqualTo(4);
    assertThat(median(alike, both)).isGreaterThan(0.95 * median(alike, both.subList(0, 1)));
    assertThat(median(unlike, both)).isLessThan(0.9 * median(unlike, both.subList(0, 1)));
  }

  @Test
  void followsASpreadThatFallsWithTheBudgetAsFarAsTheSeedsShowIt() {
    // given a spread of .1 at 1M and of .01 at 10M tokens, in one trunk and in four
    StudyGrid one = grid(1_000_000, 10_000_000);
    SeedNoise few = SeedNoise.of(one, new double[] {2.9, 3, 3.1, 2.9895, 3.001, 3.0095, 9, 9});
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000, 2_000_000, 4_000_000, 8_000_000};
    s.budgets = new long[] {1_000_000, 10_000_000};
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    s.seeds.put("web", 3);
    StudyGrid four = new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
    double[] losses = new double[24];
    // with other seeds, the order hardly changes from one budget to the other
    Arrays.setAll(
        losses, i -> 3 + (i / 3 % 2 == 0 ? 0.1 : 0.01) * (i % 3 - 1 + 0.05 * Math.sin(100 * i)));
    SeedNoise more = SeedNoise.of(four, losses);

    // then one trunk shows it in part, four nearly all of it
    assertThat(few.at(one.cells().get(0)).standardDeviation()).isBetween(0.06, 0.14);
    assertThat(few.at(one.cells().get(1)).standardDeviation()).isBetween(0.006, 0.03);
    assertThat(more.at(four.cells().get(0)).standardDeviation()).isBetween(0.085, 0.115);
    assertThat(more.at(four.cells().get(1)).standardDeviation()).isBetween(0.009, 0.012);
  }

  @Test
  void whereNoPointHasTwoSeedsNothingIsKnown() {
    SyntheticRuns s = new SyntheticRuns();
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    StudyGrid grid = new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
    SeedNoise noise = SeedNoise.of(grid, new double[10]);

    assertThat(noise.known()).isFalse();
    assertThat(noise.at(grid.cells().get(0)).standardDeviation()).isZero();
    assertThat(noise.draw(3, 1).path(2, grid.cells().subList(0, 2), new SplittableRandom(1)))
        .containsOnly(0);
  }
}
