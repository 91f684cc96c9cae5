package dev.mixlaw.eval.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class BoostingModelTest {
  /**
   * Tolerance of rank correlations: of nearly equal splits, a tree chooses by the last digits of
   * shares.
   */
  private static final double BAND = 0.003;

  private static final ToDoubleBiFunction<double[], TrainingScale> BENT =
      (r, scale) -> 1.5 + 2 * Math.exp(-1.2 * r[0] + 0.4 * r[1] - 0.3 * r[2]);

  @Test
  void boostingRanksAsInRegMix() {
    MixtureFit fit =
        MixtureModel.boosting()
            .fit(RegMix.train(RegMix.PILE_CC), RegMix.PILE_CC, Resamples.none())
            .orElseThrow();

    assertThat(Accuracy.on(RegMix.test("1m"), fit).orElseThrow().spearman())
        .isCloseTo(0.990, within(BAND));
    assertThat(Accuracy.on(RegMix.test("60m"), fit).orElseThrow().spearman())
        .isCloseTo(0.985, within(BAND));
    assertThat(Accuracy.on(RegMix.test("1B"), fit).orElseThrow().spearman())
        .isCloseTo(0.963, within(BAND));
  }

  @Test
  void treesApproximateANonlinearSurface() {
    MixtureFit fit =
        MixtureModel.boosting()
            .fit(Simulated.runs(4, 400, 0, BENT), "domain", Resamples.none())
            .orElseThrow();

    assertThat(fit.loss(0.4, 0.3, 0.2, 0.1))
        .isCloseTo(
            BENT.applyAsDouble(new double[] {0.4, 0.3, 0.2, 0.1}, TrainingScale.UNSAID),
            within(0.03));
  }

  @Test
  void intervalsContainTheTrueValueAndDoNotDependOnThreads() {
    MixtureModel model = MixtureModel.boosting(100, 0.1, 8, 10);
    MixtureRuns runs = Simulated.runs(4, 200, 0.005, BENT);
    double[] middle = {0.25, 0.25, 0.25, 0.25};
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      MixtureFit alone = model.fit(runs, "domain", Resamples.of(100, 7)).orElseThrow();
      MixtureFit shared = model.fit(runs, "domain", new Resamples(100, 7, pool)).orElseThrow();

      assertThat(shared.predict(middle, TrainingScale.UNSAID))
          .isEqualTo(alone.predict(middle, TrainingScale.UNSAID));
      assertThat(alone.predict(middle, TrainingScale.UNSAID).interval().low())
          .isLessThan(alone.loss(middle));
      assertThat(alone.predict(middle, TrainingScale.UNSAID).interval().high())
          .isGreaterThan(alone.loss(middle));
      assertThat(shared.parameters()).isEqualTo(alone.parameters());
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void rowsCountByTheirWeights() {
    MixtureModel model = MixtureModel.boosting(100, 0.1, 8, 10);
    MixtureRuns runs = Simulated.runs(3, 100, 0, BENT);
    double[] middle = {0.3, 0.3, 0.4};
    double shift =
        model.fit(Simulated.twice(runs), "domain", Resamples.none()).orElseThrow().loss(middle)
            - model.fit(runs, "domain", Resamples.none()).orElseThrow().loss(middle);
    assertThat(shift).isBetween(0.8, 1.0);
  }

  @Test
  void theSearchFindsWhatAFineGridFindsOnTrees() {
    MixtureRuns runs =
        Simulated.runs(3, 300, 0.001, (r, s) -> Simulated.bowl(0.5, 0.3, 0.2).applyAsDouble(r, s));
    MixtureFit fit =
        MixtureModel.boosting(60, 0.1, 8, 10)
            .fit(runs, "domain", Resamples.of(100, 0))
            .orElseThrow();
    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a <= 200; a++) {
      for (int b = 0; a + b <= 200; b++) {
        least = Math.min(least, fit.loss(a / 200.0, b / 200.0, (200 - a - b) / 200.0));
      }
    }

    Proposal best = Proposer.of(fit).natural(Map.of("s0", 1.0)).best("domain").orElseThrow();

    assertThat(best.loss().value()).isLessThanOrEqualTo(least + 1e-4);
    assertThat(best.part("s0").share()).isCloseTo(0.5, within(0.15));
  }

  @Test
  void foldsKeepRunsOfOneMixtureTogether() {
    // given two runs with the same random loss for each mixture, so that trees can predict a loss
    // only if the other run of its mixture is in the training folds
    List<MixtureRuns.Run> twins = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100; i++) {
      double[] shares = {i / 100.0, 1 - i / 100.0};
      double loss = 3 + random.nextGaussian() / 10;
      twins.add(new MixtureRuns.Run("x" + i, shares, new double[] {loss}));
      twins.add(new MixtureRuns.Run("y" + i, shares, new double[] {loss}));
    }
    MixtureModel trees = MixtureModel.boosting(200, 0.2, 31, 1);
    MixtureFit fit =
        trees
            .fit(
                MixtureRuns.of(List.of("a", "b"), List.of("domain"), twins),
                "domain",
                Resamples.none())
            .orElseThrow();

    assertThat(
            Accuracy.on(MixtureRuns.of(List.of("a", "b"), List.of("domain"), twins), fit)
                .orElseThrow()
                .spearman())
        .isGreaterThan(0.8);
    assertThat(Accuracy.crossValidated(trees, fit, 5).orElseThrow().spearman()).isLessThan(0.3);
  }
}
