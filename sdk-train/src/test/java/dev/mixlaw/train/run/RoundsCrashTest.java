package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.spi.SessionSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that rounds in a process that is killed by a signal can be resumed in another process. */
class RoundsCrashTest {
  private static final String READY = "ready to be killed";

  @TempDir private Path directory;

  /** The kinds of events during which the process is killed. */
  enum Moment {
    STEP,
    CHECKPOINT,
    EVALUATION,
    TEXT,
    PART,
    MEASURING
  }

  /** A program that runs rounds up to a chosen event, prints a line, and waits to be killed. */
  static final class Killed {
    private Killed() {}

    /**
     * Runs the rounds.
     *
     * @param args directory of the lab, kind of the event, number of the event among those of its
     *     kind
     */
    public static void main(String[] args) {
      Moment chosen = Moment.valueOf(args[1]);
      long number = Long.parseLong(args[2]);
      long[] seen = {0};
      on(
          new RoundsLab(),
          moment -> {
            if (moment == chosen && ++seen[0] == number) {
              System.out.println(READY);
              System.out.flush();
              try {
                int ignored = System.in.read(); // never answered
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            }
          },
          Path.of(args[0]));
    }
  }

  private interface Watcher {
    void on(Moment moment);
  }

  private static List<RoundRun> on(RoundsLab lab, Watcher watcher, Path directory) {
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(SessionSpec spec, long step) {
            watcher.on(Moment.STEP);
          }

          @Override
          public void insideSave(SessionSpec spec, Path files) {
            watcher.on(Moment.CHECKPOINT);
          }

          @Override
          public void evaluate(SessionSpec spec) {
            watcher.on(Moment.EVALUATION);
          }

          @Override
          public void write() {
            watcher.on(Moment.TEXT);
          }
        };
    lab.listener =
        event -> {
          if (event instanceof StudyEvent.Preparing) {
            watcher.on(Moment.PART);
          }
        };
    lab.measuring = () -> watcher.on(Moment.MEASURING);
    return lab.run(RoundsLab.rounds(), directory);
  }

  /**
   * Kills the process during the training of a later round, during the second part of its text, and
   * during an evaluation.
   */
  @ParameterizedTest
  @CsvSource({"STEP, 25", "TEXT, 1900", "EVALUATION, 3"})
  void killedRoundsContinueToTheSameResults(Moment moment, long number) throws Exception {
    Path whole = directory.resolve("whole");
    RoundsLab uninterrupted = new RoundsLab();
    List<RoundRun> expected = uninterrupted.run(RoundsLab.rounds(), whole);

    killAndGoOn(moment, number, expected, uninterrupted);
  }

  @Test
  @Tag("long")
  void roundsKilledAtManyPointsGiveTheSameResults() throws Exception {
    Map<Moment, Long> all = new TreeMap<>();
    RoundsLab uninterrupted = new RoundsLab();
    List<RoundRun> expected =
        on(uninterrupted, m -> all.merge(m, 1L, Long::sum), directory.resolve("whole"));
    assertThat(all).containsOnlyKeys(Moment.values());

    for (Map.Entry<Moment, Long> kind : all.entrySet()) {
      List<Long> numbers = new ArrayList<>(List.of(1L, kind.getValue()));
      for (int part = 1; part < 4; part++) {
        numbers.add(1 + kind.getValue() * part / 4);
      }
      for (long number : numbers.stream().distinct().toList()) {
        killAndGoOn(kind.getKey(), number, expected, uninterrupted);
      }
    }
  }

  private void killAndGoOn(
      Moment moment, long number, List<RoundRun> expected, RoundsLab uninterrupted)
      throws Exception {
    Path killed = directory.resolve(moment + "-" + number);
    kill(killed, moment, number);

    RoundsLab again = new RoundsLab();
    List<RoundRun> after = again.run(RoundsLab.rounds(), killed);

    String what = "killed at " + moment + " " + number;
    assertThat(after).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(after.get(i).key()).as(what).isEqualTo(expected.get(i).key());
      assertThat(after.get(i).result().measurements())
          .as(what)
          .isEqualTo(expected.get(i).result().measurements());
      assertThat(after.get(i).text().orElseThrow().file())
          .as(what)
          .hasSameBinaryContentAs(expected.get(i).text().orElseThrow().file());
    }
    assertThat(again.engine.steps.get())
        .as(what)
        .isLessThanOrEqualTo(uninterrupted.engine.steps.get());
    assertThat(again.engine.written.get())
        .as(what)
        .isLessThanOrEqualTo(uninterrupted.engine.written.get());
    if (number > (moment == Moment.STEP ? 10 : 1)) {
      assertThat(again.engine.steps.get() + again.engine.written.get())
          .as(what + ": what was done is not done again")
          .isLessThan(uninterrupted.engine.steps.get() + uninterrupted.engine.written.get());
    }
  }

  private static void kill(Path where, Moment moment, long number)
      throws IOException, InterruptedException {
    Process child = TestJvm.start(Killed.class, where, moment, number);
    StringBuilder said = new StringBuilder();
    try {
      BufferedReader out =
          new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
      String line = out.readLine();
      while (line != null && !line.equals(READY)) {
        said.append(line).append('\n');
        line = out.readLine();
      }
      assertThat(line).as("it ended before it was killed: " + said).isEqualTo(READY);
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(Files.isDirectory(where)).isTrue();
  }
}
