package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  /**
   * The fit of each resample reaches the lowest minimum that a separate global search finds, not
   * only a local minimum near the original fit.
   */
  @Test
  void resamplesReachTheMinimumThatASearchOfTheirOwnFinds() {
    // given
    LawForm form = LawForms.CHINCHILLA;
    Criterion objective = Criterion.of(Objective.HUBER_LOG);
    Observations points = SharedData.chinchilla().dropHighest(5);
    ParameterSpace space = new ParameterSpace(form, Map.of());
    FitData rows = FitData.of(form, points, objective);
    double[] optimum = search(space, rows, objective, 1).parameters();
    Bootstrap bootstrap =
        new Bootstrap(
            space,
            rows,
            objective,
            Resampling.cases(),
            new RandomStreams(42, points),
            optimum,
            List.of(),
            new FitNoise(NoiseEstimate.NONE, new NoiseEstimate(0.01, 235)));
    // when
    Bootstrap.Draws draws = bootstrap.draw(150, Runnable::run, part -> {});
    // then
    assertThat(draws.failed()).isZero();
    for (int r = 0; r < 150; r++) {
      double lowest = search(space, bootstrap.resample(r), objective, 2).value();
      assertThat(draws.objectives()[r]).isLessThanOrEqualTo(lowest * (1 + 1e-8));
    }
  }

  private static TrustRegionSolver.Minimum search(
      ParameterSpace space, FitData rows, Criterion criterion, long seed) {
    return GlobalSearch.minima(space, rows, criterion, seed, Runnable::run, part -> {}).get(0);
  }
}
