package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.RunResult;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.StudyRunner;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The installed engine under the runner: real decoders, two at once. */
class EngineStudyTest {
  @TempDir Path directory;

  private final MarkovData data = new MarkovData();
  private final Study study = study();

  private static Study study() {
    Study small = TestLab.smallStudy();
    return Study.named("engines")
        .mixtures(small.mixtures())
        .models(ModelSpec.of("tiny", 32, 2, 2, 64).withContext(16))
        .budgets("2560", "5120")
        .recipe(small.recipe().withLearningRate(1e-2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "native"})
  void learnsAndGoesOnBitForBitAfterAnEnd(String engine) {
    List<RunResult> expected = TestLab.timeless(run(engine, "whole", StudyListener.none()));
    int[] steps = {0};

    assertThatThrownBy(
            () ->
                run(
                    engine,
                    "ended",
                    event -> {
                      if (event instanceof StudyEvent.Stepped && ++steps[0] == 77) {
                        throw new IllegalStateException("enough for today");
                      }
                    }))
        .hasMessage("enough for today");
    List<RunResult> results = run(engine, "ended", StudyListener.none());

    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(results).allMatch(RunResult::completed);
    double first = results.get(0).losses().get(0).natsPerToken().value();
    assertThat(first).isLessThan(Math.log(MarkovData.VOCABULARY) - 0.5);
    assertThat(directory.resolve("ended/runs").resolve(results.get(0).identity()).resolve("model"))
        .isDirectoryContaining("glob:**model.safetensors")
        .isDirectoryContaining("glob:**config.json")
        .isDirectoryContaining("glob:**tokenizer.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "native"})
  void trainsInChildJvmsToTheSameBits(String engine) {
    Study one = Study.named("child").mixtures(study.mixtures().get(0)).models(study.models());
    Study small = one.budgets("640").recipe(study.recipe());
    StudyRunner.Resources alone = new StudyRunner.Resources(engine, 1, 1_000_000_000);
    List<RunResult> expected;
    List<RunResult> results;
    try (RunStore store = new DirectoryRunStores().open(directory.resolve("here"), "study")) {
      expected =
          new LocalStudyRunner()
              .plan(small, data, store, alone)
              .run(new SumEvaluator(), StudyListener.none());
    }
    try (RunStore store = new DirectoryRunStores().open(directory.resolve("child"), "study")) {
      results =
          new LocalStudyRunner()
              .inChildJvms()
              .plan(small, data, store, alone)
              .run(new SumEvaluator(), StudyListener.none());
    }

    assertThat(results).allMatch(RunResult::completed);
    assertThat(TestLab.timeless(results)).isEqualTo(TestLab.timeless(expected));
  }

  private List<RunResult> run(String engine, String name, StudyListener listener) {
    try (RunStore store =
        new DirectoryRunStores().open(directory.resolve(name), "study: " + study.name())) {
      return new LocalStudyRunner()
          .plan(study, data, store, new StudyRunner.Resources(engine, 2, 500_000_000))
          .run(new SumEvaluator(), listener);
    }
  }
}
