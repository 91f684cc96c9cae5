package dev.mixlaw.train.spark;

import dev.mixlaw.api.Lab;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.train.run.LocalStudyRunner;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.concurrent.CancellationException;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/**
 * A Spark task that works in a lab until no run is left. It returns the problems that end the
 * worker instead of throwing them, because Spark aborts all tasks if one task fails several times.
 *
 * @param gpus number of GPUs that Spark assigns to the task
 * @param leaseNanos lease of the claims, in nanoseconds
 */
record SparkWorker(
    LabPlace place, int gpus, long memoryBytes, boolean strictReproduction, long leaseNanos)
    implements Function<Integer, List<Problem>> {
  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.train.spark");

  @Override
  public List<Problem> call(Integer number) {
    TaskContext task = TaskContext.get();
    Lab.Builder builder =
        Lab.in(place.onExecutor())
            .threads(task.cpus())
            .memoryBytes(memoryBytes)
            .lease(Duration.ofNanos(leaseNanos));
    if (strictReproduction) {
      builder.strictReproduction();
    }
    try {
      LocalStudyRunner runner = new LocalStudyRunner().onCards(cards(task));
      builder.runner(place.runner(place.onExecutor(), runner));
      try (Lab open = builder.open()) {
        open.work();
      }
      return List.of();
    } catch (MixlawException e) {
      return List.copyOf(e.problems());
    } catch (CancellationException killed) {
      throw killed;
    } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
      LOGGER.log(System.Logger.Level.ERROR, "a worker failed", e);
      return List.of(
          new Problem(
              "worker on executor " + SparkEnv.get().executorId(),
              e.toString(),
              "the jars of Mixlaw on the class path of the executors",
              "see the log of the executor"));
    }
  }

  /** Returns the indices of the GPUs that Spark has assigned to the task. */
  private int[] cards(TaskContext task) {
    if (gpus == 0) {
      return new int[0];
    }
    String[] addresses = task.resourcesJMap().get("gpu").addresses();
    try {
      return Arrays.stream(addresses).mapToInt(Integer::parseInt).toArray();
    } catch (NumberFormatException e) {
      throw MixlawException.engine(
          "addresses of GPUs",
          Arrays.toString(addresses),
          "indices of GPUs, such as 0",
          "change spark.executor.resource.gpu.discoveryScript",
          e);
    }
  }
}
