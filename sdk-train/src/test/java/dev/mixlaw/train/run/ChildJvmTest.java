package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.internal.spi.LabStore;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.run.child.ChildEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs in JVMs of their own, some of which are killed as the system kills. */
class ChildJvmTest {
  @TempDir Path directory;

  @AfterEach
  void noProcessIsLeft() {
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void givesTheResultsAndEventsOfRunsInThisJvm() {
    TestLab here = new TestLab(directory.resolve("here"));
    List<RunResult> expected = TestLab.timeless(here.run());
    TestLab apart = new TestLab(directory.resolve("apart"));
    apart.inChildJvms = true;

    List<RunResult> results = apart.run();

    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(steps(apart)).isEqualTo(steps(here));
    assertThat(apart.engine.opened).hasValue(0);
  }

  /** At a step of the trunk, and at one of a branch. */
  @ParameterizedTest
  @CsvSource({"12, 2560", "10, 640"})
  void aRunWhoseChildIsKilledGoesOnFromItsCheckpointToTheSameBits(long step, long budget) {
    List<RunResult> expected = expected();
    TestLab lab = new TestLab(directory.resolve("lab"));
    lab.inChildJvms = true;
    boolean[] killed = {false};
    lab.listener =
        event -> {
          lab.events.add(event);
          if (!killed[0]
              && event instanceof StudyEvent.Stepped stepped
              && stepped.run().mixture().equals("nat")
              && stepped.run().budget().count() == budget
              && stepped.step() == step) {
            killed[0] = true;
            ProcessHandle.current().children().forEach(ChildJvmTest::kill);
          }
        };

    List<RunResult> results = lab.run();

    assertThat(killed[0]).isTrue();
    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(warnings(lab))
        .singleElement()
        .asString()
        .contains("nat · tiny", "continues from the last checkpoint", "killed by signal 9");
  }

  @Test
  void aModelThatIsOpenedApartWritesTheSameAndOutlivesWhatItsCallerThrows() throws IOException {
    Path files = Files.createDirectory(directory.resolve("model"));
    ModelSpec model = ModelSpec.of("tiny", 8, 1, 1, 16).withContext(16);
    BigramEngine engine = new BigramEngine();
    try (TrainingSession session =
        engine.open(new SessionSpec(model, 300, 1, Recipe.standard(), 1, 1))) {
      session.save(files);
    }
    List<int[]> prompts = List.of(new int[] {1}, new int[] {2, 3}, new int[] {4});
    SamplingModel.Sampling how = new SamplingModel.Sampling(9, 1, 1, 5, -1);
    IllegalStateException enough = new IllegalStateException("enough");
    AtomicInteger asked = new AtomicInteger();
    List<int[]> expected;
    try (ModelSession here = engine.openModel(files, 1)) {
      expected = ((SamplingModel) here.model()).sample(prompts, how);
    }

    try (ModelSession apart = new ChildEngine(engine).openModel(files, 1)) {
      SamplingModel writer = (SamplingModel) apart.model();
      assertThat(writer.context()).isEqualTo(16);
      assertThat(writer.vocabulary()).isEqualTo(300);
      assertThat(writer.sample(prompts, how)).usingRecursiveComparison().isEqualTo(expected);
      assertThatThrownBy(
              () ->
                  writer.write(
                      () -> {
                        if (asked.incrementAndGet() == 3) {
                          throw enough;
                        }
                        return SamplingModel.Text.of(new int[] {1}, how, ids -> {});
                      }))
          .isSameAs(enough);
      assertThatThrownBy(
              () ->
                  writer.write(
                      () ->
                          SamplingModel.Text.of(
                              new int[] {1},
                              how,
                              ids -> {
                                throw enough;
                              })))
          .isSameAs(enough);
      assertThatThrownBy(() -> writer.losses(new int[] {1, 999}, 1, 1, new float[1]))
          .hasMessageContaining("ArrayIndexOutOfBoundsException");
      assertThat(writer.sample(prompts, how)).usingRecursiveComparison().isEqualTo(expected);
    }
  }

  private List<RunResult> expected() {
    return TestLab.timeless(new TestLab(directory.resolve("whole")).run());
  }

  private static List<String> warnings(TestLab lab) {
    return lab.events.stream()
        .filter(StudyEvent.Warned.class::isInstance)
        .map(e -> ((StudyEvent.Warned) e).warning())
        .toList();
  }

  @Test
  void aRunWhoseChildIsKilledTwiceHasFailedOthersGoOnAndTheNextStartGoesOnFromItsCheckpoint() {
    List<RunResult> expected = expected();
    TestLab lab = new TestLab(directory.resolve("lab"));
    lab.inChildJvms = true;
    lab.listener =
        event -> {
          lab.events.add(event);
          if (event instanceof StudyEvent.Stepped stepped
              && stepped.run().mixture().equals("nat")
              && stepped.step() == 12) {
            ProcessHandle.current().children().forEach(ChildJvmTest::kill);
          }
        };

    List<RunResult> results = lab.run();
    lab.listener = lab.events::add;
    List<RunResult> mended = lab.run();

    assertThat(results.get(0).completed()).isTrue();
    for (RunResult lost : results.subList(1, 3)) {
      assertThat(reason(lost))
          .contains("failed twice", "engine bigram, model tiny", "killed by signal 9");
    }
    assertThat(results.subList(3, 6)).allMatch(RunResult::completed);
    assertThat(TestLab.timeless(mended)).isEqualTo(expected);
    // The trunk had a checkpoint where its first branch left.
    assertThat(steps(lab).get(0)).contains("step=9,");
  }

  private static String reason(RunResult failed) {
    assertThat(failed.outcome()).returns(true, Outcome::isFailed);
    return failed.outcome().reason().orElseThrow();
  }

  /** Before a step, half way through a checkpoint, while loading one, while measuring. */
  @ParameterizedTest
  @CsvSource({"STEP, 30", "SAVE, 8", "LOAD, 0", "EVALUATION, 20"})
  void aCrashOfNativeCodeIsNoMoreThanAWarning(DyingEngine.Moment moment, long step)
      throws IOException {
    List<RunResult> expected = expected();
    TestLab lab = new TestLab(directory.resolve("lab"));

    List<RunResult> results = dying(lab, DyingEngine.Way.NATIVE_CRASH, moment, step, 1);

    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(warnings(lab))
        .as("nothing but the death, no checkpoint blamed for it")
        .singleElement()
        .asString()
        .contains("continues from the last checkpoint", "SIGSEGV", "Problematic frame");
  }

  @Test
  void aRunThatFailsSaysWhatItsChildSaidLast() throws IOException {
    TestLab lab = new TestLab(directory.resolve("lab"));

    List<RunResult> results = dying(lab, DyingEngine.Way.HALT, DyingEngine.Moment.STEP, 9, 2);

    assertThat(reason(results.get(0)))
        .contains("exit value 3", "a line before", "assertion failed: no more beer");
    assertThat(results.subList(1, 6)).allMatch(RunResult::completed);
  }

  @Test
  void aChildWhoseHeapIsTooSmallSaysSo() throws IOException {
    TestLab lab = new TestLab(directory.resolve("lab"));

    List<RunResult> results =
        dying(lab, DyingEngine.Way.HEAP, DyingEngine.Moment.EVALUATION, 10, 1);

    assertThat(reason(results.get(0))).contains("OutOfMemoryError", "Java heap space");
    assertThat(results.subList(1, 6)).allMatch(RunResult::completed);
  }

  private List<RunResult> dying(
      TestLab lab, DyingEngine.Way way, DyingEngine.Moment moment, long step, int times)
      throws IOException {
    Path deaths = Files.createDirectory(directory.resolve("deaths"));
    LocalStudyRunner runner = lab.runner().withEngine(new DyingEngine()).inChildJvms();
    try (DyingEngine.Deaths set = new DyingEngine.Deaths(way, moment, step, times, deaths);
        LabStore store = lab.store()) {
      List<RunResult> results =
          runner.plan(lab.study, lab.data, store, lab.evaluator, lab.resources()).run(lab.listener);
      assertThat(deaths).as("deaths").isDirectoryContaining("glob:**death-" + (times - 1));
      return results;
    }
  }

  @Test
  void aChildEndsWithItsHostHoweverThatEnds() throws Exception {
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                HostOfChild.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    long child = awaitReady(host);
    Optional<ProcessHandle> handle = ProcessHandle.of(child);

    host.destroyForcibly().waitFor();

    assertThat(handle.isEmpty() || ended(handle.get())).isTrue();
  }

  private static boolean ended(ProcessHandle process)
      throws InterruptedException, ExecutionException {
    try {
      process.onExit().get(1, TimeUnit.MINUTES);
      return true;
    } catch (TimeoutException e) {
      process.destroyForcibly();
      return false;
    }
  }

  /** Runs a study in a child, says which process that is, and waits to be killed. */
  static final class HostOfChild {
    static final String READY = "child ";

    private HostOfChild() {}

    public static void main(String[] args) {
      TestLab lab = new TestLab(Path.of(args[0]));
      lab.inChildJvms = true;
      lab.listener =
          event -> {
            if (event instanceof StudyEvent.Stepped) {
              ProcessHandle.current().children().forEach(c -> System.out.println(READY + c.pid()));
              System.out.flush();
              try {
                int ignored = System.in.read(); // never answered
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            }
          };
      lab.run();
    }
  }

  private static long awaitReady(Process host) throws IOException {
    StringBuilder said = new StringBuilder();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      if (line.startsWith(HostOfChild.READY)) {
        return Long.parseLong(line.substring(HostOfChild.READY.length()));
      }
    }
    throw new AssertionError("the host ended before it had a child: " + said);
  }

  /** Refuses everything, as engines do. */
  public static final class RefusingEngine implements TrainingEngine {
    static final Problem FIRST = new Problem("weights", "many", "fewer", "ModelSpec");
    static final Problem SECOND = new Problem("buffers", "long", "shorter", "Recipe");

    @Override
    public String name() {
      return "refusing";
    }

    @Override
    public String device() {
      return "cpu";
    }

    @Override
    public Optional<Problem> unavailable() {
      return Optional.empty();
    }

    @Override
    public Cost cost(SessionSpec spec) {
      return new Cost(1, 1);
    }

    @Override
    public TrainingSession open(SessionSpec spec) {
      if (spec.vocabulary() == 1) {
        throw new IllegalArgumentException("one token " + spec);
      }
      throw new MixlawException(MixlawException.Kind.STORAGE, List.of(FIRST, SECOND), null);
    }
  }

  @Test
  void aFailureInTheChildReadsAsWhatItIs() {
    ChildEngine engine = new ChildEngine(new RefusingEngine());

    assertThatThrownBy(() -> engine.open(spec(2)))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE);
              assertThat(e.problems()).containsExactly(RefusingEngine.FIRST, RefusingEngine.SECOND);
            });
    // All of the spec arrives as it was.
    assertThatThrownBy(() -> engine.open(spec(1)))
        .hasToString("java.lang.IllegalArgumentException: one token " + spec(1));
  }

  private static SessionSpec spec(int vocabulary) {
    ModelSpec model =
        ModelSpec.of("tiny", 8, 1, 2, 16).withContext(16).withKeyValueHeads(1).withVocabulary(7);
    Recipe recipe =
        Recipe.standard()
            .with(dev.mixlaw.api.Schedule.cosine(3, 0.2))
            .withLearningRate(0.1)
            .withBatch(dev.mixlaw.api.units.Tokens.tokens(64));
    return new SessionSpec(model, vocabulary, 3, recipe, 5, 2);
  }

  @Test
  void anEngineThatAChildCannotMakeIsRefusedByThePlan() {
    TrainingEngine ofState =
        new TrainingEngine() {
          private final TrainingEngine state = new BigramEngine();

          @Override
          public String name() {
            return "of-state";
          }

          @Override
          public String device() {
            return state.device();
          }

          @Override
          public Optional<Problem> unavailable() {
            return Optional.empty();
          }

          @Override
          public Cost cost(SessionSpec spec) {
            return state.cost(spec);
          }

          @Override
          public TrainingSession open(SessionSpec spec) {
            return state.open(spec);
          }
        };
    TestLab lab = new TestLab(directory);
    LocalStudyRunner runner = lab.runner().withEngine(ofState).inChildJvms();
    var store = lab.store();

    try (store) {
      assertThatThrownBy(
              () -> runner.plan(lab.study, lab.data, store, lab.evaluator, lab.resources()))
          .isInstanceOf(MixlawException.class)
          .hasMessageContaining("engine of-state cannot be created in a child JVM");
    }
  }

  @Test
  void thePlanCountsTheJvmOfEachWorker() {
    TestLab lab = new TestLab(directory);
    long here = lab.plan().memoryBytes();
    lab.inChildJvms = true;

    assertThat(lab.plan().memoryBytes()).isEqualTo(here + (160L << 20));
  }

  @Test
  void theOrderOfItsMethodsDoesNotMatter() {
    LocalStudyRunner local = new TestLab(directory).runner().withoutModels();

    assertThat(local.inChildJvms().withEngine(new BigramEngine()).engine("auto"))
        .isInstanceOf(ChildEngine.class);
    assertThat(local.withEngine(new BigramEngine()).inChildJvms().engine("auto"))
        .isInstanceOf(ChildEngine.class);
    assertThat(local.inChildJvms().inChildJvms().engine("auto").cost(spec()).memoryBytes())
        .isEqualTo(local.inChildJvms().engine("auto").cost(spec()).memoryBytes());
  }

  private static SessionSpec spec() {
    return new SessionSpec(
        TestLab.smallStudy().models().get(0), 10, 1, TestLab.smallStudy().recipe(), 1, 1);
  }

  private static List<String> steps(TestLab lab) {
    return lab.events.stream()
        .filter(StudyEvent.Stepped.class::isInstance)
        .map(StudyEvent::toString)
        .toList();
  }

  private static void kill(ProcessHandle child) {
    child.destroyForcibly();
    child.onExit().join();
  }
}
