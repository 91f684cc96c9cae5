package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.run.KillPoints.Killed;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a failure in a study is recorded and does not affect other runs. */
class FaultsTest {
  @TempDir Path directory;
  private TestLab lab;

  @BeforeEach
  void open() {
    lab = new TestLab(directory.resolve("lab"));
    lab.study =
        Study.named("faults")
            .mixtures(lab.study.mixtures().get(0))
            .models(lab.study.models())
            .models(ModelSpec.of("other", 16, 1, 1, 16).withContext(16))
            .budgets("640", "1280", "2560")
            .recipe(lab.study.recipe());
  }

  @AfterEach
  void allSessionsAreClosed() {
    assertThat(lab.engine.openSessions).hasValue(0);
  }

  /** A hook for the sessions of model {@code tiny} only. The other model must not be affected. */
  @SuppressWarnings("UnusedVariable") // the default methods ignore their parameters
  private abstract static class OnTiny implements BigramEngine.Hook {
    private long taken;

    @Override
    public void step(SessionSpec spec, long step) {
      if (spec.model().name().equals("tiny")) {
        before(++taken);
      }
    }

    @Override
    public double loss(SessionSpec spec, long step, double loss) {
      return spec.model().name().equals("tiny") ? reported(taken, step, loss) : loss;
    }

    /**
     * Called before each step.
     *
     * @param number number of steps begun so far in the trunk and its branches, including this one
     */
    void before(long number) {}

    double reported(long number, long step, double loss) {
      return loss;
    }
  }

  private void lossIs(double value, long fromStep) {
    lab.engine.hook =
        new OnTiny() {
          @Override
          double reported(long number, long step, double loss) {
            return step >= fromStep ? value : loss;
          }
        };
  }

  private void failAt(long broken) {
    lab.engine.hook =
        new OnTiny() {
          @Override
          void before(long number) {
            if (number == broken) {
              throw new IllegalStateException("a cosmic ray");
            }
          }
        };
  }

  private List<RunResult> expected() {
    TestLab whole = new TestLab(directory.resolve("whole"));
    whole.study = lab.study;
    return TestLab.timeless(whole.run());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aTrunkThatIsNotFiniteEndsItsRemainingBudgets(double loss) throws IOException {
    lossIs(loss, 12); // the branches begin at steps 8 and 16

    List<RunResult> results = lab.run();

    assertThat(results).hasSize(6);
    assertThat(results.get(0).completed()).isTrue();
    assertThat(results.subList(1, 3))
        .extracting(RunResult::failure)
        .containsOnly(Optional.of(RunFailure.diverged(13, "the loss is " + loss)));
    assertThat(results.subList(1, 3))
        .allMatch(r -> r.measurements().isEmpty() && Double.isFinite(r.trainingLoss().orElse(0)));
    assertThat(results.subList(3, 6)).allMatch(RunResult::completed);
    // The losses before the divergence are stored, because users look at them first.
    assertThat(Files.readAllLines(metrics(results.get(1)))).hasSize(12);
    assertThat(metrics(results.get(2))).hasSameTextualContentAs(metrics(results.get(1)));
  }

  /**
   * The engine returns the result of a step when the next step has begun or when the model is
   * saved.
   */
  @Test
  void aStepThatIsNotFiniteIsInNoCheckpoint() {
    lab.checkpoints = (steps, nanos, saveNanos) -> steps >= 1;
    List<Boolean> saved = new ArrayList<>();
    lab.engine.hook =
        new OnTiny() {
          private boolean astray;

          @Override
          double reported(long number, long step, double loss) {
            astray |= step == 12;
            return step == 12 ? Double.NaN : loss;
          }

          @Override
          public void insideSave(SessionSpec spec, Path into) {
            if (spec.model().name().equals("tiny")) {
              saved.add(astray);
            }
          }
        };

    lab.run();

    assertThat(saved).hasSizeGreaterThan(12).containsOnly(false);
  }

  @Test
  void aCheckpointThatTheEngineFailsToLoadIsKeptForTheNextStart() {
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void load(SessionSpec spec) {
            throw new MixlawException(
                MixlawException.Kind.ENGINE, new Problem("the card is gone", "-", "-", "-"));
          }
        };

    assertThat(lab.run().stream().filter(r -> !r.completed()))
        .isNotEmpty()
        .allSatisfy(
            r -> assertThat(r.outcome()).startsWith("failed: ").contains("the card is gone"));
    assertThat(lab.events).noneMatch(StudyEvent.Warned.class::isInstance);

    lab.engine.hook = new BigramEngine.Hook() {};
    assertThat(TestLab.timeless(lab.run())).isEqualTo(expected());
  }

  private Path metrics(RunResult run) {
    return lab.runDirectory(run.identity()).resolve("metrics.jsonl");
  }

  @Test
  void tokensOfDivergedRunsCountAsTrained() {
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public double loss(SessionSpec spec, long step, double loss) {
            return spec.model().name().equals("other") ? Double.NaN : loss;
          }
        };

    lab.run();

    StudyEvent.Stepped last =
        lab.events.stream()
            .filter(StudyEvent.Stepped.class::isInstance)
            .map(StudyEvent.Stepped.class::cast)
            .reduce((a, b) -> b)
            .orElseThrow();
    assertThat(last.run().model()).isEqualTo("tiny");
    assertThat(last.studyTokens()).isEqualTo(last.studyTotal()).isEqualTo(2 * 46 * 64);
  }

  @Test
  void aBranchThatDivergesDoesNotAffectTheTrunk() {
    lab.engine.hook =
        new OnTiny() {
          @Override
          double reported(long number, long step, double loss) {
            return number == 10 ? Double.NaN : loss; // 8 steps of the trunk and 2 of the branch
          }
        };
    List<RunResult> expected = expected();

    List<RunResult> results = lab.run();

    assertThat(results.get(0).failure()).contains(RunFailure.diverged(10, "the loss is NaN"));
    assertThat(TestLab.timeless(results.subList(1, 6))).isEqualTo(expected.subList(1, 6));
  }

  @Test
  void aLossThatStaysFarAboveTheFirstIsDivergenceAndASpikeIsNot() {
    lab.study = lab.study.budgets("6400");
    lab.engine.hook =
        new OnTiny() {
          @Override
          double reported(long number, long step, double loss) {
            return (step >= 2 && step < 5) || step >= 20 ? loss + 9 : loss;
          }
        };

    List<RunResult> results = lab.run();

    assertThat(results.get(1).completed()).isTrue();
    assertThat(results.get(3).failure().orElseThrow().step())
        .hasValue(70); // the 50th high loss in a row
    assertThat(results.get(3).outcome()).contains("1.0 nats above");
  }

  @Test
  void anEvaluationWithoutAFiniteLossIsDivergence() {
    lab.evaluator =
        (model, endOfText, domains) -> {
          throw new NonFiniteLossException("the loss of document 3 of wiki is NaN");
        };

    assertThat(lab.run())
        .allSatisfy(
            r ->
                assertThat(r.outcome())
                    .startsWith("diverged at step ")
                    .contains("document 3 of wiki is NaN"));
  }

  @Test
  void theStackTraceOfAFailedRunIsKeptUntilItSucceeds() {
    lab.evaluator =
        (model, endOfText, domains) -> {
          throw new IllegalStateException("a bug", new NullPointerException("deep"));
        };

    RunResult failed = lab.run().get(0);

    Path trace = lab.runDirectory(failed.identity()).resolve("failure.txt");
    assertThat(failed).returns(true, RunResult::failed);
    assertThat(trace)
        .content()
        .contains("a bug", "Caused by: java.lang.NullPointerException: deep", "FaultsTest");

    lab.evaluator = new SumEvaluator();
    assertThat(lab.run().get(0).completed()).isTrue();
    assertThat(trace).doesNotExist();
  }

  @Test
  void aMeasuredLossThatIsNotFiniteIsDivergence() {
    lab.evaluator =
        (model, endOfText, domains) ->
            new SumEvaluator()
                .evaluate(
                    new dev.mixlaw.api.spi.LanguageModel() {
                      @Override
                      public int context() {
                        return model.context();
                      }

                      @Override
                      public int vocabulary() {
                        return model.vocabulary();
                      }

                      @Override
                      public void losses(int[] ids, int rows, int length, int first, float[] nats) {
                        Arrays.fill(nats, Float.NaN);
                      }
                    },
                    endOfText,
                    domains);

    assertThat(lab.run()).allSatisfy(r -> assertThat(r).returns(true, RunResult::diverged));
  }

  @Test
  void divergedRunsAreNotTriedAgain() {
    lossIs(Double.NaN, 12);
    List<RunResult> first = lab.run();
    long steps = lab.engine.steps.get();

    List<RunResult> second = lab.run();

    assertThat(second).isEqualTo(first);
    assertThat(lab.engine.steps).hasValue(steps);
  }

  @Test
  void aFailedRunIsRecordedAndRetriedAtTheNextStartAndOthersContinue() {
    List<RunResult> expected = expected();
    failAt(10);

    List<RunResult> broken = lab.run();
    int sessions = lab.engine.opened.get();
    lab.engine.hook = new BigramEngine.Hook() {};
    boolean planned = lab.plan().runs().get(0).done();
    List<RunResult> mended = lab.run();

    assertThat(broken.get(0).failure().orElseThrow())
        .returns(RunFailure.Kind.OTHER, RunFailure::kind)
        .returns("java.lang.IllegalStateException: a cosmic ray", RunFailure::message)
        .satisfies(f -> assertThat(f.stack()).contains("FaultsTest"));
    assertThat(TestLab.timeless(broken.subList(1, 6))).isEqualTo(expected.subList(1, 6));
    assertThat(planned).isFalse();
    assertThat(sessions).as("the broken session is not used again").isEqualTo(3);
    assertThat(TestLab.timeless(mended)).isEqualTo(expected);
  }

  @Test
  void aRunThatFailedBeforeItsFirstStepHasNoTrainingLoss() {
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(SessionSpec spec, long step) {
            throw new IllegalStateException("no step");
          }
        };

    List<RunResult> failed = lab.run();
    List<RunResult> read = new ArrayList<>();
    LabRecords records = new LabRecords(lab.store());
    for (RunResult r : failed) {
      read.add(records.run(r.identity(), damaged -> {}).orElseThrow().result());
    }

    assertThat(failed).allMatch(r -> r.trainingLoss().isEmpty());
    assertThat(read).isEqualTo(failed);
  }

  @Test
  void aModelThatDoesNotFitInMemoryIsAFailedRun() {
    lab.engine.hook =
        new OnTiny() {
          @Override
          void before(long number) {
            throw new OutOfMemoryError("Physical memory usage is too high");
          }
        };

    List<RunResult> results = lab.run();

    assertThat(results.subList(0, 3)).allMatch(RunResult::failed);
    assertThat(results.subList(3, 6)).allMatch(RunResult::completed);
  }

  @Test
  void aTrunkThatFailsIsTriedAgainFromItsCheckpoint() {
    List<RunResult> expected = expected();
    failAt(18); // Step 18 is step 16 of the trunk. The last checkpoint of the trunk is at step 13.

    List<RunResult> broken = lab.run();
    lab.engine.hook = new BigramEngine.Hook() {};
    lab.engine.steps.set(0);
    List<RunResult> mended = lab.run();

    assertThat(broken.subList(1, 3)).allMatch(RunResult::failed);
    assertThat(TestLab.timeless(mended)).isEqualTo(expected);
    assertThat(lab.engine.steps).hasValue(46 - 2 - 13);
  }

  @Test
  void anEvaluatorThatFailsIsAFailedRunAndNothingIsTrainedTwice() {
    lab.evaluator =
        (model, endOfText, domains) -> {
          throw new IllegalArgumentException("not today");
        };
    List<RunResult> broken = lab.run();
    long steps = lab.engine.steps.get();
    lab.evaluator = new SumEvaluator();

    List<RunResult> mended = lab.run();

    assertThat(broken).allMatch(RunResult::failed);
    assertThat(mended).allMatch(RunResult::completed);
    assertThat(lab.engine.steps).hasValue(steps);
  }

  @Test
  void aFullDiskEndsTheStudyAndKeepsResults() throws IOException {
    List<RunResult> expected = expected();
    lab.disk = fullAfter(60);

    MixlawException error = catchThrowableOfType(MixlawException.class, lab::run);
    List<String> left = names(lab.directory);
    lab.disk = new QuickDisk();
    List<RunResult> results = lab.run();

    assertThat(error.kind()).isEqualTo(MixlawException.Kind.STORAGE);
    assertThat(error)
        .hasMessageContaining("is full")
        .hasMessageContaining("No space left on device");
    assertThat(left).noneMatch(f -> f.contains(".new-") || f.contains(".tmp"));
    assertThat(left).anyMatch(f -> f.equals("run.json"));
    assertThat(TestLab.timeless(results)).isEqualTo(expected);
  }

  @Test
  void aFullDiskWithinTheEnginesSaveEndsTheStudyToo() {
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void insideSave(SessionSpec spec, Path into) {
            throw new java.io.UncheckedIOException(new IOException("No space left on device"));
          }
        };

    assertThatThrownBy(lab::run)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("is full");
  }

  @Test
  void aDiskWithoutRoomIsRefusedBeforeTraining() {
    lab.disk =
        new QuickDisk() {
          @Override
          public long usable(Path path) {
            return 1000;
          }
        };

    assertThatThrownBy(lab::run)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("1000 bytes");
    assertThat(lab.engine.steps).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trainer/model.safetensors",
        "trainer/trainer.bin",
        "metrics.jsonl",
        "manifest.json"
      })
  void aTruncatedCheckpointIsReplacedByTheOneBeforeWithAWarning(String file) throws IOException {
    List<RunResult> expected = expected();
    killAtStep(16); // trunk checkpoints at steps 8 and 13
    Path newest = checkpoint("step-13");
    try (var channel = Files.newByteChannel(newest.resolve(file), StandardOpenOption.WRITE)) {
      channel.truncate(20);
    }

    List<String> warned = lab.plan().warnings();
    lab.engine.steps.set(0);
    List<RunResult> results = lab.run();

    assertThat(warned)
        .singleElement()
        .asString()
        .contains("nat · other", "step 13", file)
        .contains(file.equals("manifest.json") ? "damaged" : "has 20 bytes; expected ");
    assertThat(warnings()).singleElement().asString().contains("step 13", "will continue");
    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(lab.engine.steps).hasValue(2 * 46 - 2 - 8);
  }

  @Test
  void aDamagedCheckpointDoesNotCountAsOneOfTheTwoStoredOnes() throws IOException {
    List<RunResult> expected = expected();
    killAtStep(16); // checkpoints at 8 and 13
    truncate("step-13");
    lab.checkpoints = (steps, nanos, saveNanos) -> false;
    killAtStep(16 + 8 + 1); // Training continues from step 8 to the second branch at step 16.
    truncate("step-16");

    lab.engine.steps.set(0);
    List<RunResult> results = lab.run();

    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(lab.engine.steps).hasValue(2 * 46 - 2 - 8);
  }

  private void truncate(String step) throws IOException {
    Path weights = checkpoint(step).resolve("trainer/model.safetensors");
    Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 20));
  }

  @Test
  void aCheckpointWithAFlippedBitIsNotUsed() throws IOException {
    List<RunResult> expected = expected();
    killAtStep(16);
    for (String step : List.of("step-8", "step-13")) {
      Path weights = checkpoint(step).resolve("trainer/model.safetensors");
      byte[] bytes = Files.readAllBytes(weights);
      bytes[100] ^= 1;
      Files.write(weights, bytes);
    }

    lab.engine.steps.set(0);
    List<RunResult> results = lab.run();

    assertThat(warnings()).hasSize(2);
    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    // The checkpoint at step 5 was still stored. The one at step 8 begins a branch and does not
    // count as one of the two stored ones.
    assertThat(lab.engine.steps).hasValue(2 * 46 - 2 - 5);
  }

  @Test
  void ifTheEngineRefusesACheckpointTheOneBeforeIsUsed() {
    List<RunResult> expected = expected();
    killAtStep(16);
    int[] loads = {0};
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void load(SessionSpec spec) {
            if (loads[0]++ == 0) {
              throw new IllegalStateException("made by an engine of another time");
            }
          }
        };

    List<RunResult> results = lab.run();

    assertThat(warnings()).singleElement().asString().contains("another time");
    assertThat(TestLab.timeless(results)).isEqualTo(expected);
  }

  @Test
  void anExceptionOfAListenerAffectsNoRun() {
    List<RunResult> expected = expected();
    lab.listener =
        event -> {
          throw new IllegalStateException("enough");
        };

    assertThat(TestLab.timeless(lab.run())).isEqualTo(expected);
  }

  private void killAtStep(long total) {
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(SessionSpec spec, long step) {
            if (lab.engine.steps.get() == total) {
              throw new Killed("step");
            }
          }
        };
    assertThatThrownBy(lab::run).isInstanceOf(Killed.class);
    lab.engine.hook = new BigramEngine.Hook() {};
  }

  private Path checkpoint(String name) throws IOException {
    try (Stream<Path> walk = Files.walk(lab.directory)) {
      return walk.filter(p -> p.endsWith(name)).findFirst().orElseThrow();
    }
  }

  private List<String> warnings() {
    return lab.events.stream()
        .filter(StudyEvent.Warned.class::isInstance)
        .map(e -> ((StudyEvent.Warned) e).warning())
        .toList();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.map(p -> p.getFileName().toString()).toList();
    }
  }

  private static Disk fullAfter(int writes) {
    int[] count = {0};
    return new QuickDisk() {
      @Override
      public void sync(Path path) throws IOException {
        if (++count[0] > writes) {
          throw new IOException("No space left on device");
        }
      }
    };
  }
}
