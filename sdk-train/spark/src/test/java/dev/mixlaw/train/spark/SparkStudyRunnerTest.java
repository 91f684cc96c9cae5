package dev.mixlaw.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.module.scala.DefaultScalaModule;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyHandle;
import dev.mixlaw.api.results.RunResult;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.package$;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SparkStudyRunnerTest {
  @TempDir Path directory;

  @AfterEach
  void stop() {
    SparkContext.getOrCreate(conf()).stop();
  }

  private static SparkConf conf() {
    return new SparkConf()
        .setAppName("test")
        .setMaster("local[2]")
        .set("spark.ui.enabled", "false")
        .set("spark.hadoop.fs.memory.impl", MemoryFileSystem.class.getName())
        .set("spark.driver.host", "localhost")
        .set("spark.driver.bindAddress", "127.0.0.1");
  }

  @Test
  void twoTasksGiveTheResultsOfOneProcess() {
    Study study = SmallStudy.of(2, "4096", "8192");
    List<RunResult> expected;
    try (Lab lab = SmallStudy.lab(directory.resolve("one")).open()) {
      expected = lab.run(study).runs();
    }
    SparkContext.getOrCreate(conf());

    List<RunResult> runs;
    Path shared = directory.resolve("shared");
    try (Lab lab = SmallStudy.lab(shared).runner(new SparkStudyRunner(2)).open()) {
      runs = lab.run(study).runs();
    }

    assertThat(runs).hasSize(8).allMatch(RunResult::completed);
    assertThat(SmallStudy.results(runs)).isEqualTo(SmallStudy.results(expected));
    assertThat(shared.resolve("claims")).isEmptyDirectory();
  }

  @Test
  void tasksThatShareOnlyAStoreGiveTheResultsOfOneProcess() {
    Study study = SmallStudy.of(2, "4096", "8192");
    List<RunResult> expected;
    try (Lab lab = SmallStudy.lab(directory.resolve("one")).open()) {
      expected = lab.run(study).runs();
    }
    SparkContext.getOrCreate(conf());
    SparkStudyRunner runner = new SparkStudyRunner(2).store(URI.create("memory://test/lab"));

    List<RunResult> runs;
    List<StudyEvent> warnings = new CopyOnWriteArrayList<>();
    try (Lab lab = SmallStudy.lab(directory.resolve("driver")).runner(runner).open()) {
      runs =
          lab.run(
                  study,
                  event -> {
                    if (event instanceof StudyEvent.Warned) {
                      warnings.add(event);
                    }
                  })
              .runs();
    }
    assertThat(warnings).isEmpty();
    try (Lab lab = SmallStudy.lab(directory.resolve("reader")).runner(runner).open()) {
      assertThat(lab.findings(study.name()).runs()).isEqualTo(runs);
    }

    assertThat(SmallStudy.results(runs)).isEqualTo(SmallStudy.results(expected));
    assertThat(directory.resolve("driver/runs")).isEmptyDirectory();
  }

  @Test
  void aCancelledStudyReleasesItsJobs() throws IOException {
    Study study = SmallStudy.of(2, "20000000").maxRepeats(1e6);
    SparkContext.getOrCreate(conf());
    Path claims = directory.resolve("claims");
    try (Lab lab = SmallStudy.lab(directory).runner(new SparkStudyRunner(2)).open()) {
      StudyHandle running = lab.start(study);
      while (files(claims) < 2) {
        Thread.onSpinWait();
      }
      running.cancel();
      assertThatThrownBy(running::await).isInstanceOf(CancellationException.class);
    }
    while (files(claims) > 0) { // the tasks end a little later
      Thread.onSpinWait();
    }
  }

  private static long files(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  @Test
  void speculationIsRefused() {
    SparkContext.getOrCreate(conf().set("spark.speculation", "true"));

    assertRefused(new SparkStudyRunner(2), "spark.speculation: true; expected false");
  }

  @Test
  void gpusThatSparkDoesNotScheduleAreRefusedBeforeTheFirstTask() {
    SparkContext.getOrCreate(conf());

    assertRefused(new SparkStudyRunner(2).gpusPerWorker(1), "spark.master: local[2]");
  }

  private void assertRefused(SparkStudyRunner runner, String message) {
    try (Lab lab = SmallStudy.lab(directory).runner(runner).open()) {
      assertThatThrownBy(lab::work)
          .isInstanceOf(MixlawException.class)
          .hasMessageContaining(message);
    }
    assertThat(Files.exists(directory.resolve("claims"))).isFalse();
  }

  /**
   * All code on a cluster uses Spark's version of Jackson, so the POM of this module must name the
   * same version.
   */
  @Test
  void jacksonHasTheVersionOfSpark() {
    String spark = package$.MODULE$.SPARK_VERSION();
    assertThat(spark).startsWith("4.");
    assertThat(new ObjectMapper().version())
        .hasToString(new DefaultScalaModule().version().toString());
  }
}
