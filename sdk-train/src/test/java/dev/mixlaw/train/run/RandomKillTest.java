package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.storage.Disk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills and suspends processes with studies at random times, which need not be between two steps.
 */
class RandomKillTest {
  private static final String BEGINS = "begins";
  private static final String FINISHED = "finished ";
  private static final String STEP = "step";
  private static final int CHECKPOINT_STEPS = 5;
  private static final int KILLED = 128 + 9;
  private static final Duration LEASE = Duration.ofSeconds(2);

  private static final Pattern TEMPORARY = Pattern.compile("(.+)\\.[0-9a-f-]{36}\\.tmp");

  @TempDir Path temporary;

  /** A program that runs a study and prints a line for each run that has ended. */
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

  /** A program that works in a lab and prints a line for each step and each run that has ended. */
  static final class WorkingChild {
    private static final long NANOS_PER_STEP = 2_000_000;

    private WorkingChild() {}

    public static void main(String[] args) {
      TestLab lab = lab(Path.of(args[0]));
      lab.lease = LEASE;
      lab.threads = 1;
      lab.listener =
          event -> {
            if (event instanceof StudyEvent.Finished finished) {
              print(FINISHED + finished.result().key());
            }
          };
      lab.engine.hook =
          new BigramEngine.Hook() {
            @Override
            public void step(SessionSpec spec, long step) {
              print(STEP);
              LockSupport.parkNanos(NANOS_PER_STEP); // makes the study long enough
            }
          };
      print(BEGINS);
      lab.work();
    }

    private static void print(String line) {
      System.out.println(line);
      System.out.flush();
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
  void workersThatAreKilledOrStopped() throws Exception {
    disturb(3, 4, 4, 3);
  }

  @Test
  @Tag("long")
  void eightWorkersThatAreKilledOrStoppedAHundredTimes() throws Exception {
    disturb(8, 100, 24, 4);
  }

  /**
   * Kills or suspends workers of a lab at random times until the study ends, and continues with
   * other labs until there have been {@code moments} disturbances. A killed worker is replaced. A
   * suspended worker continues, often after its lease has expired.
   */
  private void disturb(int workers, int moments, int seeds, long seed) throws Exception {
    TestLab whole = lab(temporary.resolve("whole"));
    whole.study = whole.study.seeds(seeds);
    List<RunResult> expected = TestLab.timeless(whole.run());
    long needed = whole.engine.steps.get();
    Random random = new Random(seed);
    AtomicInteger disturbed = new AtomicInteger();
    for (int study = 0; disturbed.get() < moments; study++) {
      TestLab lab = lab(temporary.resolve("study-" + study));
      lab.study = whole.study;
      lab.submit();
      Map<Path, FileTime> published = new HashMap<>();
      long steps = 0;
      int before = disturbed.get();
      List<Worker> alive = new ArrayList<>();
      try {
        boolean ended = false;
        while (!ended || !alive.isEmpty()) {
          while (!ended && alive.size() < workers) {
            alive.add(new Worker(TestJvm.start(WorkingChild.class, lab.directory)));
          }
          Worker worker = alive.get(random.nextInt(alive.size()));
          if (!worker.process.waitFor(random.nextInt(500), TimeUnit.MILLISECONDS) && worker.begun) {
            worker.disturb(random);
            disturbed.incrementAndGet();
          }
          for (Worker w : List.copyOf(alive)) {
            if (!w.process.isAlive()) {
              w.reader.join();
              assertThat(w.process.exitValue()).as(w.output.toString()).isIn(0, KILLED);
              ended |= w.process.exitValue() == 0;
              steps += w.steps;
              alive.remove(w);
            }
          }
          published.forEach(
              (file, time) -> assertThat(file).satisfies(f -> assertThat(time(f)).isEqualTo(time)));
          results(lab.store()).forEach(file -> published.putIfAbsent(file, time(file)));
        }
      } finally {
        alive.forEach(w -> w.process.destroyForcibly());
      }

      assertThat(ResumeTest.files(lab.directory).keySet()).noneMatch(f -> f.startsWith("claims/"));
      assertThat(TestLab.timeless(lab.run())).isEqualTo(expected);
      assertThat(lab.engine.steps).as("steps after the workers have ended").hasValue(0);
      long sinceCheckpoints = (disturbed.get() - before) * (CHECKPOINT_STEPS + 1L);
      assertThat(steps)
          .as("steps of all workers")
          .isBetween(needed, needed + sinceCheckpoints + needed / 50);
      Map<String, String> files = files(lab.directory);
      Map<String, String> expectedFiles = files(whole.directory);
      assertThat(files.keySet()).containsExactlyInAnyOrderElementsOf(expectedFiles.keySet());
      assertThat(files).allSatisfy((f, text) -> assertThat(text).isEqualTo(expectedFiles.get(f)));
      ResumeTest.delete(lab.directory);
    }
  }

  /**
   * Returns the files of a lab, without the temporary files of published files. Such a file remains
   * if a process is killed between publishing a file and deleting the temporary one.
   */
  private static Map<String, String> files(Path lab) {
    Map<String, String> files = ResumeTest.files(lab);
    Set<String> published = Set.copyOf(files.keySet());
    files
        .keySet()
        .removeIf(
            name -> {
              Matcher temporary = TEMPORARY.matcher(name);
              return temporary.matches() && published.contains(temporary.group(1));
            });
    return files;
  }

  private static List<Path> results(LabStore store) {
    Stream<String> runs = store.list("runs").stream().map(LabRecords::runFile);
    Stream<String> measurements =
        store.list("measurements").stream()
            .map(run -> "measurements/" + run)
            .flatMap(run -> store.list(run).stream().map(file -> run + "/" + file));
    return Stream.concat(runs, measurements).map(store::directory).filter(Files::exists).toList();
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A worker process and its output. */
  private static final class Worker {
    final Process process;
    final Thread reader;
    final StringBuffer output = new StringBuffer();
    volatile boolean begun;
    volatile long steps;

    Worker(Process process) {
      this.process = process;
      this.reader = new Thread(this::read);
      reader.start();
    }

    private void read() {
      new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
          .lines()
          .forEach(
              line -> {
                begun |= line.equals(BEGINS);
                if (line.equals(STEP)) {
                  steps++;
                } else {
                  output.append(line).append('\n');
                }
              });
    }

    void disturb(Random random) throws IOException, InterruptedException {
      if (random.nextBoolean()) {
        process.toHandle().destroyForcibly();
        process.waitFor();
      } else {
        signal("-STOP");
        process.waitFor(random.nextInt((int) (2 * LEASE.toMillis())), TimeUnit.MILLISECONDS);
        signal("-CONT");
      }
    }

    private void signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    }
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
    Map<String, String> expectedFiles = files(whole.directory);
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
      assertThat(files(directory)).as("kill %d: files", i).isEqualTo(expectedFiles);
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
   * @param nanos time from the start of the study to the kill, in nanoseconds
   * @param ended receives the runs that had ended
   * @return time from the start of the study to the end of the process, in nanoseconds
   */
  private static long runAndKill(Path directory, long nanos, Set<String> ended)
      throws IOException, InterruptedException {
    Process child = TestJvm.start(Child.class, directory);
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo(BEGINS);
      long begin = System.nanoTime();
      if (!child.waitFor(nanos, TimeUnit.NANOSECONDS)) {
        child.toHandle().destroyForcibly(); // the output remains readable
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
