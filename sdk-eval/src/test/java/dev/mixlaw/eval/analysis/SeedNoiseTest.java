package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
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
    return new StudyGrid(s.provenance(), s.runs());
  }

  private static double median(SeedNoise noise, StudyGrid.Cell cell, boolean curve) {
    SeedNoise.Drawn drawn = noise.draw(20_000, 1);
    double[] spreads = new double[20_000];
    Arrays.setAll(spreads, r -> curve ? drawn.ofCurve(r, cell) : drawn.ofPoint(r, cell));
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
    assertThat(median(noise, grid.cells().get(0), false))
        .isCloseTo(1 / Math.sqrt(Math.log(2)), within(0.02));
  }

  @Test
  void countsTheBudgetsOfATrunkOnce() {
    SeedNoise noise =
        SeedNoise.of(grid(1_000_000, 2_000_000), new double[] {1, 2, 3, 4, 4, 7, 9, 9});

    assertThat(noise.degreesOfFreedom()).isEqualTo(2);
  }

  @Test
  void takesTheShiftOfWholeCurvesBySeed() {
    // given seeds that change places from one budget to the other: no shift of whole curves
    StudyGrid grid = grid(1_000_000, 2_000_000);
    SeedNoise noise = SeedNoise.of(grid, new double[] {1, 2, 3, 3, 2, 1, 9, 9});

    assertThat(noise.at(grid.cells().get(0)).standardDeviation()).isCloseTo(1, within(0.1));
    assertThat(median(noise, grid.cells().get(0), true))
        .isLessThan(0.5 * median(noise, grid.cells().get(0), false));
  }

  @Test
  void followsASpreadThatFallsWithTheBudgetAsFarAsTheSeedsShowIt() {
    // given a spread of .1 at 1M and of .01 at 10M tokens, in one trunk and in four
    StudyGrid one = grid(1_000_000, 10_000_000);
    SeedNoise few = SeedNoise.of(one, new double[] {2.9, 3, 3.1, 2.99, 3, 3.01, 9, 9});
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000, 2_000_000, 4_000_000, 8_000_000};
    s.budgets = new long[] {1_000_000, 10_000_000};
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    s.seeds.put("web", 3);
    StudyGrid four = new StudyGrid(s.provenance(), s.runs());
    double[] losses = new double[24];
    Arrays.setAll(losses, i -> 3 + (i % 3 - 1) * (i / 3 % 2 == 0 ? 0.1 : 0.01));
    SeedNoise more = SeedNoise.of(four, losses);

    // then one trunk shows it in part, four nearly all of it
    assertThat(few.at(one.cells().get(0)).standardDeviation()).isBetween(0.06, 0.1);
    assertThat(few.at(one.cells().get(1)).standardDeviation()).isBetween(0.01, 0.03);
    assertThat(more.at(four.cells().get(0)).standardDeviation()).isBetween(0.085, 0.115);
    assertThat(more.at(four.cells().get(1)).standardDeviation()).isBetween(0.01, 0.012);
  }

  @Test
  void whereNoPointHasTwoSeedsNothingIsKnown() {
    SyntheticRuns s = new SyntheticRuns();
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    StudyGrid grid = new StudyGrid(s.provenance(), s.runs());
    SeedNoise noise = SeedNoise.of(grid, new double[10]);

    assertThat(noise.known()).isFalse();
    assertThat(noise.at(grid.cells().get(0)).standardDeviation()).isZero();
    assertThat(noise.draw(3, 1).ofPoint(2, grid.cells().get(0))).isZero();
  }
}
