package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests runs in child JVMs, some of which are killed by a signal. */
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
    assertThat(happened(apart)).isEqualTo(happened(here));
    assertThat(apart.engine.opened).hasValue(0);
  }

  /** The child is killed in a step of the trunk, and in a step of a branch. */
  @ParameterizedTest
  @CsvSource({"12, 2560", "10, 640"})
  void aRunWhoseChildIsKilledContinuesFromItsCheckpointToTheSameBits(long step, long budget) {
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
  void aRunWhoseChildIsKilledTwiceFailsAndTheNextStartContinuesFromItsCheckpoint() {
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
    // The trunk continued from the checkpoint at step 8, where its first branch begins.
    assertThat(happened(lab).get(1)).contains("step=9,");
  }

  private static String reason(RunResult failed) {
    assertThat(failed).returns(true, RunResult::failed);
    return failed.failure().orElseThrow().message();
  }

  /**
   * The crash happens before a step, within a checkpoint, while a checkpoint is loaded, and during
   * an evaluation.
   */
  @ParameterizedTest
  @CsvSource({"STEP, 30", "SAVE, 8", "LOAD, 0", "EVALUATION, 20"})
  void aCrashOfNativeCodeCausesOnlyAWarning(DyingEngine.Moment moment, long step)
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
  void aFailedRunReportsTheLastOutputOfItsChild() throws IOException {
    TestLab lab = new TestLab(directory.resolve("lab"));

    List<RunResult> results = dying(lab, DyingEngine.Way.HALT, DyingEngine.Moment.STEP, 9, 2);

    assertThat(reason(results.get(0)))
        .contains("exit value 3", "a line before", "assertion failed: no more beer");
    assertThat(results.subList(1, 6)).allMatch(RunResult::completed);
  }

  @Test
  void aTooSmallHeapOfAChildIsReported() throws IOException {
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
    try (DyingEngine.Deaths set = new DyingEngine.Deaths(way, moment, step, times, deaths)) {
      lab.asked = Optional.of(new DyingEngine());
      List<RunResult> results = run(lab, lab.runner().inChildJvms());
      assertThat(deaths).as("deaths").isDirectoryContaining("glob:**death-" + (times - 1));
      return results;
    }
  }

  @Test
  void aChildEndsWhenItsParentEndsInAnyWay() throws Exception {
    Process host = TestJvm.start(HostOfChild.class, directory);
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

  /**
   * A program that runs a study in a child JVM, prints the id of the child process, and waits to be
   * killed.
   */
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

  /** An engine that refuses every session with two problems. */
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
      throw new MixlawException(MixlawException.Kind.STORAGE, List.of(FIRST, SECOND), null);
    }
  }

  @Test
  void aFailureOfTheWholeStudyIsPassedToTheParent() {
    TestLab lab = new TestLab(directory.resolve("lab"));
    lab.asked = Optional.of(new RefusingEngine());

    assertThatThrownBy(() -> run(lab, lab.runner().inChildJvms()))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE);
              assertThat(e.problems()).containsExactly(RefusingEngine.FIRST, RefusingEngine.SECOND);
            });
  }

  @Test
  void aLostCardInAChildIsRetriedThere() throws IOException {
    List<RunResult> expected = expected();
    TestLab lab = new TestLab(directory.resolve("lab"));

    List<RunResult> results = dying(lab, DyingEngine.Way.LOST_CARD, DyingEngine.Moment.STEP, 12, 1);

    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(warnings(lab))
        .singleElement()
        .asString()
        .contains("the card", "; training continues from the last checkpoint");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aFrozenChildIsKilledAndReplacedByAnotherChild() {
    List<RunResult> expected = expected();
    TestLab lab = new TestLab(directory.resolve("lab"));
    AtomicBoolean frozen = new AtomicBoolean();
    lab.listener =
        event -> {
          lab.events.add(event);
          if (event instanceof StudyEvent.Stepped && !frozen.getAndSet(true)) {
            ProcessHandle.current().children().forEach(ChildJvmTest::freeze);
          }
        };

    List<RunResult> results = run(lab, lab.runner().inChildJvms(Duration.ofSeconds(2)));

    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(warnings(lab)).singleElement().asString().contains("did not respond for 2 s");
  }

  private static void freeze(ProcessHandle child) {
    try {
      new ProcessBuilder("kill", "-STOP", Long.toString(child.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anInterruptStopsTheChildAndTheNextStartContinuesFromItsCheckpoint() {
    List<RunResult> expected = expected();
    TestLab lab = new TestLab(directory.resolve("lab"));
    lab.inChildJvms = true;
    Thread caller = Thread.currentThread();
    lab.listener =
        event -> {
          lab.events.add(event);
          if (event instanceof StudyEvent.Stepped stepped && stepped.step() == 3) {
            caller.interrupt();
          }
        };

    assertThatThrownBy(lab::run).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    lab.listener = lab.events::add;

    assertThat(TestLab.timeless(lab.run())).isEqualTo(expected);
    assertThat(warnings(lab)).isEmpty();
  }

  private static List<RunResult> run(TestLab lab, LocalStudyRunner runner) {
    return runner
        .plan(lab.study, lab.data, lab.directory, lab.evaluator, lab.resources())
        .run(lab.listener);
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
    lab.evaluator = (model, endOfText, domains) -> List.of();

    lab.asked = Optional.of(ofState);

    assertThatThrownBy(() -> run(lab, lab.runner().inChildJvms()))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("engine of-state cannot be created in a child JVM")
        .hasMessageContaining("ChildJvmTest cannot be created in a child JVM");
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
    LocalStudyRunner local = new TestLab(directory).runner();

    assertThat(local.inChildJvms().withoutModels().childJvms()).isPresent();
    assertThat(local.withoutModels().inChildJvms().childJvms()).isPresent();
    assertThat(local.inChildJvms().withModels().childJvms()).isPresent();
  }

  private static List<String> happened(TestLab lab) {
    return lab.events.stream()
        .filter(
            e ->
                e instanceof StudyEvent.Started
                    || e instanceof StudyEvent.Stepped
                    || e instanceof StudyEvent.Measured)
        .map(e -> e.toString().replaceAll("tokensPerSecond=[^,]+", ""))
        .toList();
  }

  private static void kill(ProcessHandle child) {
    child.destroyForcibly();
    child.onExit().join();
  }
}
