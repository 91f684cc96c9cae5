package dev.mixlaw.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyHandle;
import dev.mixlaw.api.results.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests studies on a standalone Spark cluster with two workers. */
@Tag("long")
class SparkClusterTest {
  @TempDir Path directory;

  private List<RunResult> inOneProcess(Study study) {
    try (Lab lab = SmallStudy.lab(directory.resolve("one")).open()) {
      return lab.run(study).runs();
    }
  }

  @Test
  void aKilledExecutorChangesNoResult() throws Exception {
    Study study = SmallStudy.of(4, "100000", "200000").maxRepeats(100);
    List<RunResult> expected = inOneProcess(study);
    Path shared = directory.resolve("shared");
    try (StandaloneCluster cluster = new StandaloneCluster(directory.resolve("home"), 1, "", "");
        JavaSparkContext context = new JavaSparkContext(cluster.conf());
        Lab lab =
            SmallStudy.lab(shared)
                .lease(Duration.ofSeconds(10))
                .runner(new SparkStudyRunner(2))
                .open()) {
      StudyHandle running = lab.start(study);

      List<Long> owners = awaitClaims(shared.resolve("claims"), 2);
      ProcessHandle executor = ProcessHandle.of(owners.get(0)).orElseThrow();
      assertThat(executor.pid()).isNotEqualTo(ProcessHandle.current().pid());
      executor.destroyForcibly();
      executor.onExit().join();

      List<RunResult> runs = running.await().runs();
      assertThat(runs).hasSize(16).allMatch(RunResult::completed);
      assertThat(SmallStudy.results(runs)).isEqualTo(SmallStudy.results(expected));
    }
  }

  /**
   * Waits until jobs are claimed by the given number of processes, and returns the ids of the
   * processes.
   */
  private static List<Long> awaitClaims(Path claims, int processes) throws IOException {
    long start = System.nanoTime();
    while (true) {
      List<Long> owners = new ArrayList<>();
      if (Files.exists(claims)) {
        try (Stream<Path> files = Files.list(claims)) {
          for (Path file : files.toList()) {
            owners.add(pid(file));
          }
        }
      }
      List<Long> different = owners.stream().filter(pid -> pid > 0).distinct().toList();
      if (different.size() >= processes) {
        return different;
      }
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MINUTES.toNanos(2));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static long pid(Path claim) {
    try {
      return new ObjectMapper().readTree(Files.readAllBytes(claim)).path("pid").asLong();
    } catch (IOException released) {
      return 0;
    }
  }

  @Test
  void eachCardIsUsedByOneWorker() throws Exception {
    Path cards = Files.createDirectories(directory.resolve("cards"));
    Study study = SmallStudy.of(4, "4096", "8192");
    try (StandaloneCluster cluster =
            new StandaloneCluster(directory.resolve("home"), 2, "0,1", "2,3");
        JavaSparkContext context = new JavaSparkContext(onCards(cluster, cards))) {
      SparkStudyRunner four = new SparkStudyRunner(4).gpusPerWorker(1);
      try (Lab lab =
          SmallStudy.lab(directory.resolve("shared"))
              .engine(new FakeGpuEngine())
              .runner(four)
              .open()) {
        assertThat(lab.run(study).runs()).hasSize(16).allMatch(RunResult::completed);
      }
      assertThat(FakeGpuEngine.used(cards))
          .extracting(name -> name.split(" ", -1)[0])
          .containsExactly("0", "1", "2", "3");

      try (Lab lab =
          SmallStudy.lab(directory.resolve("more"))
              .runner(new SparkStudyRunner(5).gpusPerWorker(1))
              .open()) {
        assertThatThrownBy(lab::work)
            .isInstanceOf(MixlawException.class)
            .hasMessageContaining("GPUs of the cluster: enough for 4 workers with 1 each");
      }
    }
  }

  private static SparkConf onCards(StandaloneCluster cluster, Path cards) {
    return cluster
        .conf()
        .set("spark.executor.resource.gpu.amount", "2")
        .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "30s")
        .set(
            "spark.executor.extraJavaOptions",
            "-D%s=%s -D%s=4".formatted(FakeGpuEngine.DIRECTORY, cards, FakeGpuEngine.CARDS));
  }
}
