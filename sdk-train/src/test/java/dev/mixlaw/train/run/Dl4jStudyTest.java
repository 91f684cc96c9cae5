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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The installed engine under the runner: real decoders, two at once. */
class Dl4jStudyTest {
  private static final StudyRunner.Resources RESOURCES =
      new StudyRunner.Resources("auto", 2, 500_000_000);

  @TempDir Path directory;

  private final MarkovData data = new MarkovData();
  private final Study study = study();

  private static Study study() {
    Study small = TestLab.smallStudy();
    return Study.named("dl4j")
        .mixtures(small.mixtures())
        .models(ModelSpec.of("tiny", 32, 2, 2, 64).withContext(16))
        .budgets("2560", "5120")
        .recipe(small.recipe().withLearningRate(1e-2));
  }

  @Test
  void learnsAndGoesOnBitForBitAfterAnEnd() {
    List<RunResult> expected = TestLab.timeless(run("whole", StudyListener.none()));
    int[] steps = {0};

    assertThatThrownBy(
            () ->
                run(
                    "ended",
                    event -> {
                      if (event instanceof StudyEvent.Stepped && ++steps[0] == 77) {
                        throw new IllegalStateException("enough for today");
                      }
                    }))
        .hasMessage("enough for today");
    List<RunResult> results = run("ended", StudyListener.none());

    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(results).allMatch(RunResult::completed);
    double first = results.get(0).losses().get(0).natsPerToken().value();
    assertThat(first).isLessThan(Math.log(MarkovData.VOCABULARY) - 0.5);
    assertThat(directory.resolve("ended/runs").resolve(results.get(0).identity()).resolve("model"))
        .isDirectoryContaining("glob:**model.safetensors")
        .isDirectoryContaining("glob:**config.json")
        .isDirectoryContaining("glob:**tokenizer.json");
  }

  @Test
  void trainsInChildJvmsToTheSameBits() {
    Study one = Study.named("child").mixtures(study.mixtures().get(0)).models(study.models());
    Study small = one.budgets("640").recipe(study.recipe());
    StudyRunner.Resources alone = new StudyRunner.Resources("dl4j", 1, 1_000_000_000);
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

  private List<RunResult> run(String name, StudyListener listener) {
    try (RunStore store =
        new DirectoryRunStores().open(directory.resolve(name), "study: " + study.name())) {
      return new LocalStudyRunner()
          .plan(study, data, store, RESOURCES)
          .run(new SumEvaluator(), listener);
    }
  }
}
