package dev.mixlaw.eval.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  private static final ToDoubleBiFunction<double[], TrainingScale> LINE =
      (r, s) -> 2 + r[0] + 0.5 * r[1];
  private static final MixtureRuns RUNS = Simulated.runs(3, 60, 0.01, LINE);

  private static MixtureFit line() {
    return MixtureModel.linear().fit(RUNS, "domain", Resamples.none()).orElseThrow();
  }

  @Test
  void sourcesAreMatchedByName() {
    List<MixtureRuns.Run> turned = new ArrayList<>();
    RUNS.rows()
        .forEach(
            r ->
                turned.add(
                    new MixtureRuns.Run(
                        r.label(),
                        new double[] {r.shares()[2], r.shares()[0], r.shares()[1]},
                        r.losses())));

    Accuracy straight = Accuracy.on(RUNS, line()).orElseThrow();
    Accuracy other =
        Accuracy.on(MixtureRuns.of(List.of("s2", "s0", "s1"), List.of("domain"), turned), line())
            .orElseThrow();

    assertThat(other.spearman()).isEqualTo(straight.spearman());
    assertThat(other.meanRelativeError()).isCloseTo(straight.meanRelativeError(), within(1e-15));
    assertThat(straight.spearman()).isGreaterThan(0.98);
    assertThat(straight.meanRelativeError()).isBetween(0.005, 0.011);
  }

  @Test
  void theFoldsAreFittedByTheExecutor() {
    List<Double> parts = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      assertThat(Accuracy.crossValidated(MixtureModel.linear(), line(), 5, pool, parts::add))
          .isEqualTo(Accuracy.crossValidated(MixtureModel.linear(), line(), 5));
    } finally {
      pool.shutdown();
    }
    assertThat(parts).containsExactly(.2, .4, .6, .8, 1.0);
  }

  @Test
  void whatCannotBeComputedIsRefused() {
    assertThat(Accuracy.on(RUNS.at(0, 1), line()).toString()).contains("2 runs are too few");
    assertThat(Accuracy.on(RUNS.at(0, 0, 0), line()))
        .returns(false, Answer::isKnown)
        .asString()
        .contains("equal");
    MixtureRuns few = RUNS.at(0, 1, 2, 3);
    MixtureFit fit = MixtureModel.linear().fit(few, "domain", Resamples.none()).orElseThrow();
    assertThat(Accuracy.crossValidated(MixtureModel.linear(), fit, 4).toString())
        .contains("the fit without one of the 4 folds was refused")
        .contains("at least 4 are needed");
    MixtureRuns strange =
        MixtureRuns.of(
            List.of("s0", "s1", "x"),
            List.of("domain"),
            List.of(new MixtureRuns.Run("r", new double[] {1, 0, 0}, new double[] {3})));
    assertThatThrownBy(() -> Accuracy.on(strange, line()))
        .hasMessageContaining("missing [s2], unknown [x]");
  }
}
