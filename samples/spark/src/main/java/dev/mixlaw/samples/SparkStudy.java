package dev.mixlaw.samples;

import dev.mixlaw.api.Lab;
import dev.mixlaw.train.spark.SparkStudyRunner;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains runs of the studies in a lab on a Spark cluster. */
@Command(
    name = "SparkStudy",
    mixinStandardHelpOptions = true,
    description =
        "Trains and measures runs of all studies that were submitted in a lab, on a Spark cluster, until no run is left.",
    footer = {
      "",
      "With the jars of Mixlaw, but not those of Spark, in the directory mixlaw:",
      "",
      "spark-submit --master spark://HOST:7077 --conf spark.task.cpus=4 \\",
      "  --jars $(ls mixlaw/*.jar | paste -sd,) \\",
      "  --class dev.mixlaw.samples.SparkStudy mixlaw/mixlaw-samples-spark.jar \\",
      "  --lab /shared/lab --workers 16"
    })
public final class SparkStudy implements Callable<Integer> {
  @Option(
      names = "--lab",
      required = true,
      description =
          "directory of the lab, on a file system that all executors share; with --store, a local directory of the driver")
  private Path directory = Path.of("lab");

  @Option(
      names = "--store",
      description = "directory of the lab in a Hadoop file system, such as hdfs://host/lab")
  private @Nullable URI store;

  @Option(
      names = "--workers",
      required = true,
      description = "number of workers, each of which is a task with spark.task.cpus threads")
  private int workers = 1;

  @Option(
      names = "--gpus",
      description = "GPUs of each worker, which Spark assigns (default: ${DEFAULT-VALUE})")
  private int gpus;

  SparkStudy() {}

  @Override
  public Integer call() {
    OptionProblems problems = new OptionProblems();
    problems.require(workers >= 1, "--workers", workers, "at least 1");
    problems.require(gpus >= 0, "--gpus", gpus, "at least 0");
    problems.require(
        store == null || store.getScheme() != null && !store.getScheme().equals("file"),
        "--store",
        String.valueOf(store),
        "a URI such as hdfs://host/lab");
    problems.throwIfAny();
    SparkStudyRunner runner = new SparkStudyRunner(workers).gpusPerWorker(gpus);
    try (Lab lab = Lab.in(directory).runner(store == null ? runner : runner.store(store)).open();
        ProgressLine progress = new ProgressLine()) {
      lab.work(progress);
    }
    return 0;
  }

  /** Runs the program. {@code spark-submit} requires a public class. */
  public static void main(String[] args) {
    System.exit(Samples.run(new SparkStudy(), args));
  }
}
