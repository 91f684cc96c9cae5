package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import dev.mixlaw.train.engine.llama.cuda.FakeCudaPlatform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests studies on a simulated GPU, with overlapping steps and with a GPU that breaks. */
class CardStudyTest {
  @TempDir Path directory;

  private final Study study =
      Study.named("card")
          .mixtures(TestLab.smallStudy().mixtures().get(1))
          .models(ModelSpec.of("first", 16, 1, 2, 32).withContext(16))
          .models(ModelSpec.of("second", 16, 1, 1, 16).withContext(16))
          .budgets("320", "640")
          .recipe(TestLab.smallStudy().recipe().withLearningRate(1e-2));

  @BeforeEach
  void needsACompiler() {
    LlamaEngine engine = engine();
    assumeTrue(engine.unavailable().isEmpty(), () -> engine.unavailable().toString());
  }

  @AfterEach
  void nothingLeaks() {
    assertThat(FakeCudaPlatform.left()).isZero();
    FakeCudaPlatform.mend();
  }

  private static LlamaEngine engine() {
    return new LlamaEngine(new FakeCudaPlatform(true, FakeCudaPlatform.LARGE)) {
      @Override
      public OptionalLong deviceMemory() {
        return OptionalLong.of(1L << 30);
      }

      @Override
      public AtOnce atOnce(SessionSpec spec) {
        return new AtOnce(2, "a test of two");
      }
    };
  }

  private List<RunResult> run(String name, StudyListener listener) {
    return run(study, name, engine(), listener);
  }

  private List<RunResult> run(
      Study study, String name, TrainingEngine engine, StudyListener listener) {
    MarkovData data = new MarkovData().documents("nat", 36).documents("syn", 10);
    return new LocalStudyRunner()
        .plan(
            study,
            data,
            directory.resolve(name),
            new SumEvaluator(),
            new StudyRunner.Resources(
                Optional.of(engine), 1, OptionalInt.empty(), 1_000_000_000, false))
        .run(listener);
  }

  @Test
  void aGpuErrorFailsOnlyItsRunsAndTheNextStartGivesTheSameBits() {
    List<RunResult> expected = TestLab.timeless(run("whole", StudyListener.none()));
    assertThat(expected).hasSize(4).allMatch(RunResult::completed);

    List<RunResult> broken =
        run(
            "broken",
            event -> {
              if (event instanceof StudyEvent.Stepped stepped
                  && stepped.run().model().equals("first")
                  && stepped.step() == 6) {
                FakeCudaPlatform.breakAfter(5, 700);
              }
            });

    for (RunResult result : broken) {
      if (result.key().model().equals("second")) {
        assertThat(result.completed()).isTrue();
      }
    }
    assertThat(broken.stream().filter(r -> !r.completed()))
        .isNotEmpty()
        .allSatisfy(
            r ->
                assertThat(r.outcome())
                    .startsWith("failed: ")
                    .contains("CUDA_ERROR_ILLEGAL_ADDRESS"));
    assertThat(TestLab.timeless(run("broken", StudyListener.none()))).isEqualTo(expected);
  }

  /**
   * Both concurrent runs lose the GPU, although only one of them broke it. Each then continues
   * alone, and the GPU does not break again.
   */
  @Test
  void runsThatLoseTheirCardContinueFromACheckpointToTheSameBits() {
    List<RunResult> expected = TestLab.timeless(run("whole", StudyListener.none()));
    AtomicBoolean first = new AtomicBoolean(true);
    List<String> warnings = new CopyOnWriteArrayList<>();

    List<RunResult> after =
        run(
            "lost",
            event -> {
              if (event instanceof StudyEvent.Stepped stepped
                  && stepped.step() == 6
                  && first.getAndSet(false)) {
                FakeCudaPlatform.breakAfter(5, 700);
              } else if (event instanceof StudyEvent.Warned warned) {
                warnings.add(warned.warning());
              }
            });

    assertThat(warnings)
        .isNotEmpty()
        .allSatisfy(
            w -> assertThat(w).contains("continues from the last checkpoint", "ILLEGAL_ADDRESS"));
    assertThat(TestLab.timeless(after)).isEqualTo(expected);
  }

  @Test
  void severalCardsTrainToTheSameBits() {
    Study small =
        Study.named("pool")
            .mixtures(TestLab.smallStudy().mixtures())
            .models(study.models())
            .budgets("320")
            .recipe(study.recipe());
    List<RunResult> expected =
        TestLab.timeless(run(small, "one", FakeCudaPlatform.cuda(1), StudyListener.none()));
    assertThat(expected).hasSize(4).allMatch(RunResult::completed);

    for (int cards : new int[] {2, 4}) {
      FakeCudaPlatform.mend();
      String name = cards + " cards";
      List<RunResult> pool = run(small, name, FakeCudaPlatform.cuda(cards), StudyListener.none());

      assertThat(TestLab.timeless(pool)).as(name).isEqualTo(expected);
      assertThat(FakeCudaPlatform.opened(1)).as("sessions on the second card").isPositive();
    }
  }
}
