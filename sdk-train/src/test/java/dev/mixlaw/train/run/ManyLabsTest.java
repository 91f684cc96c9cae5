package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyHandle;
import dev.mixlaw.api.results.Findings;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests labs that are opened, run, cancelled and closed in one JVM. */
class ManyLabsTest {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @TempDir Path directory;

  @Test
  void labsLeakNoThreadsDescriptorsOrTemporaryFiles() throws Exception {
    Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
    for (int i = 0; i < 30; i++) {
      runAndCancel(directory.resolve("lab-" + i));
    }

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(t -> t.isAlive() && !before.contains(t))
        .noneMatch(t -> t.getName().startsWith("mixlaw-"));
    assertThat(openFiles()).isEmpty();
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files)
          .noneMatch(f -> f.toString().endsWith(".tmp") || f.toString().contains(".new-"));
    }
  }

  /** Returns the open files below the directory; empty on systems other than Linux. */
  private List<String> openFiles() throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(DESCRIPTORS)) {
      return files
          .map(ManyLabsTest::target)
          .filter(f -> f.startsWith(directory.toString()))
          .toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // the file has been closed
    }
  }

  /** Cancels a study within a step, and runs it to its end in a second lab. */
  private static void runAndCancel(Path where) throws InterruptedException {
    TestLab settings = new TestLab(where);
    CountDownLatch stepped = new CountDownLatch(1);
    try (Lab lab = lab(settings, where)) {
      StudyHandle handle =
          lab.start(
              study(settings),
              event -> {
                if (event instanceof StudyEvent.Stepped) {
                  stepped.countDown();
                }
              });
      stepped.await();
      handle.cancel();
      try {
        handle.await();
      } catch (CancellationException expected) {
        // This exception is expected unless the study had already ended.
      }
      lab.start(study(settings));
    } // closing the lab cancels the second start
    try (Lab lab = lab(settings, where)) {
      lab.run(study(settings));
    }
    assertThat(settings.engine.openSessions).hasValue(0);
  }

  private static Study study(TestLab settings) {
    return settings.study.evaluateOn(Domains.of(TestLab.corpus("prose")));
  }

  private static Lab lab(TestLab settings, Path where) {
    return Lab.in(where)
        .threads(2)
        .preparer((study, text, listener) -> settings.data)
        .runner(settings.runner())
        .evaluator(settings.evaluator)
        .analyst(
            (provenance, runs) ->
                (Findings)
                    Proxy.newProxyInstance(
                        Findings.class.getClassLoader(),
                        new Class<?>[] {Findings.class},
                        (proxy, method, arguments) -> List.of()))
        .open();
  }
}
