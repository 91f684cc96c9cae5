package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.storage.Disk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study in a process of its own, killed at random moments, not only at those between steps. */
class RandomKillTest {
  private static final String BEGINS = "begins";
  private static final String FINISHED = "finished ";

  @TempDir Path temporary;

  /** A program that runs a study and prints each run that has ended. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      TestLab lab = lab(Path.of(args[0]));
      lab.listener =
          event -> {
            if (event instanceof StudyEvent.Finished finished) {
              System.out.println(FINISHED + finished.result().key());
              System.out.flush();
            }
          };
      System.out.println(BEGINS);
      System.out.flush();
      lab.run();
    }
  }

  private static TestLab lab(Path directory) {
    TestLab lab = new TestLab(directory);
    lab.study = lab.study.seeds(2);
    lab.threads = 2;
    lab.disk = new Disk();
    return lab;
  }

  @Test
  void fewMoments() throws Exception {
    killAtRandomMoments(5, 1);
  }

  @Test
  @Tag("long")
  void aHundredMoments() throws Exception {
    killAtRandomMoments(100, 2);
  }

  private void killAtRandomMoments(int kills, long seed) throws Exception {
    TestLab whole = lab(temporary.resolve("whole"));
    List<RunResult> expected = TestLab.timeless(whole.run());
    Map<String, String> expectedFiles = ResumeTest.files(whole.directory);
    Random random = new Random(seed);
    long duration =
        runAndKill(
            temporary.resolve("uninterrupted"), TimeUnit.MINUTES.toNanos(10), new HashSet<>());
    int[] runsBeforeKill = new int[13];

    for (int i = 0; i < kills; i++) {
      Path directory = temporary.resolve("killed-" + i);
      Set<String> ended = new HashSet<>();
      runAndKill(directory, (long) (random.nextDouble() * duration), ended);
      runsBeforeKill[ended.size()]++;

      TestLab again = lab(directory);
      List<RunResult> results = again.run();

      assertThat(TestLab.timeless(results)).as("kill %d: results", i).isEqualTo(expected);
      assertThat(ResumeTest.files(directory)).as("kill %d: files", i).isEqualTo(expectedFiles);
      assertThat(ResumeTest.finished(again, true))
          .as("kill %d: runs that are not trained again", i)
          .map(RunKey::toString)
          .containsAll(ended);
      ResumeTest.delete(directory);
    }
    assertThat(runsBeforeKill[12]).as("kills after the end").isLessThan(kills);
  }

  /**
   * Runs a study in another process and kills it.
   *
   * @param nanos time from the beginning of the study to the kill
   * @param ended receives the runs that had ended
   * @return time from the beginning of the study to the end of the process, in nanoseconds
   */
  private static long runAndKill(Path directory, long nanos, Set<String> ended)
      throws IOException, InterruptedException {
    Process child = TestJvm.start(Child.class, directory);
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo(BEGINS);
      long begin = System.nanoTime();
      if (!child.waitFor(nanos, TimeUnit.NANOSECONDS)) {
        child.toHandle().destroyForcibly(); // leaves what the child has printed to be read
      }
      out.lines()
          .filter(line -> line.startsWith(FINISHED))
          .forEach(line -> ended.add(line.substring(FINISHED.length())));
      child.waitFor();
      return System.nanoTime() - begin;
    } finally {
      child.destroyForcibly().waitFor();
    }
  }
}
