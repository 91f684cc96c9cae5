package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.results.RunResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that a study in another process can be killed by a signal and resumed. */
class CrashTest {
  @TempDir Path temporary;
  private List<RunResult> expected = List.of();
  private List<String> moments = List.of();

  @BeforeEach
  void runUninterrupted() {
    TestLab whole = new TestLab(temporary.resolve("whole"));
    KillPoints counting = KillPoints.killing(0);
    counting.in(whole);
    expected = TestLab.timeless(whole.run());
    moments = counting.moments();
  }

  @ParameterizedTest
  @CsvSource({
    "at step 5, 1, 1",
    "inside the write of a checkpoint, 1, 1",
    "inside the write of a checkpoint, 6, 1",
    "before renaming to step-8, 1, 1",
    "before measuring, 3, 1",
    "half way through writing run.json, 2, 1",
    "before deleting checkpoints, 4, 1",
    "inside the write of a checkpoint, 5, 2"
  })
  void aKilledStudyContinuesToTheSameResults(String moment, int occurrence, int threads)
      throws IOException, InterruptedException {
    Path directory = temporary.resolve("killed");

    kill(directory, number(moment, occurrence), threads);
    TestLab again = new TestLab(directory);
    again.threads = threads;
    List<RunResult> results = again.run();

    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(again.engine.steps.get()).isLessThan(2 * 46 + 1);
  }

  @Test
  void whileAProcessTrainsARunAnotherTrainsTheOthersAndWaits()
      throws IOException, InterruptedException {
    Path directory = temporary.resolve("shared");
    Process child = start(directory, number("at step 5", 1), 1);
    TestLab here = new TestLab(directory);
    AtomicReference<List<RunResult>> results = new AtomicReference<>(List.of());
    Thread second = new Thread(() -> results.set(here.run()));
    try {
      awaitReady(child);
      second.start();
      // The other process holds the claim on one mixture. This process trains the other mixture.
      while (finished(here) < 3) {
        Thread.onSpinWait();
      }
      assertThat(second.isAlive()).isTrue();
    } finally {
      child.destroyForcibly().waitFor();
    }
    second.join();

    assertThat(TestLab.timeless(results.get())).isEqualTo(expected);
    assertThat(directory.resolve("claims")).isEmptyDirectory();
  }

  private static long finished(TestLab lab) {
    synchronized (lab.events) {
      return lab.events.stream().filter(StudyEvent.Finished.class::isInstance).count();
    }
  }

  private int number(String moment, int occurrence) {
    int seen = 0;
    for (int i = 0; i < moments.size(); i++) {
      if (moments.get(i).equals(moment) && ++seen == occurrence) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException(moment + " occurs " + seen + " times in " + moments);
  }

  private static void kill(Path directory, int moment, int threads)
      throws IOException, InterruptedException {
    Process child = start(directory, moment, threads);
    try {
      awaitReady(child);
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(Files.exists(directory.resolve("studies/small/study.json"))).isTrue();
  }

  private static Process start(Path directory, int moment, int threads) throws IOException {
    return TestJvm.start(KilledChild.class, directory, moment, threads);
  }

  private static void awaitReady(Process child) throws IOException {
    StringBuilder said = new StringBuilder();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      if (line.startsWith(KilledChild.READY)) {
        return;
      }
    }
    throw new AssertionError("the child ended before it was killed: " + said);
  }
}
