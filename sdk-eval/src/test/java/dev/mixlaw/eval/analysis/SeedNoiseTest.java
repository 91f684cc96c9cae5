package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeedNoiseTest {
  /** Two budgets, one model; web has three seeds, hq one: runs in the grid's order. */
  private static Grid grid() {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000};
    s.budgets = new long[] {1_000_000, 2_000_000};
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    s.mixture("hq", Map.of("hq", 1.0), (n, d) -> 3);
    s.seeds.put("web", 3);
    return new Grid(s.provenance(), s.runs());
  }

  @Test
  void poolsTheSpreadOfPoints() {
    // given seeds at 1, 2, 3 and at 4, 4, 7 about means 2 and 5
    SeedNoise noise = SeedNoise.ofPoints(grid(), new double[] {1, 2, 3, 4, 4, 7, 9, 9});

    // then s² = (1 + 0 + 1 + 1 + 1 + 4) / (2 + 2); budgets of a trunk count once
    assertThat(noise.spread()).isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(noise.degreesOfFreedom()).isEqualTo(2);
    assertThat(noise.known()).isTrue();
  }

  @Test
  void takesTheShiftOfWholeCurvesBySeed() {
    // the seeds' deviations are -1, 0, 1 and -1, -1, 2: means -1, -.5, 1.5
    SeedNoise noise = SeedNoise.ofCurves(grid(), new double[] {1, 2, 3, 4, 4, 7, 9, 9});

    assertThat(noise.spread()).isCloseTo(Math.sqrt((1 + 0.25 + 2.25) / 2), within(1e-12));
    assertThat(noise.degreesOfFreedom()).isEqualTo(2);
  }

  @Test
  void drawsSpreadsAsUncertainAsFewSeedsLeaveThem() {
    double[] spreads = new SeedNoise(0.1, 2).drawSpreads(4000, 1);
    Arrays.sort(spreads);

    // 2 / chi-square(2) has median 1 / ln 2, so the spread's is s / sqrt(ln 2)
    assertThat(spreads[2000]).isCloseTo(0.1 / Math.sqrt(Math.log(2)), within(0.005));
    assertThat(new SeedNoise(0, 0).drawSpreads(3, 1)).containsOnly(0);
  }
}
