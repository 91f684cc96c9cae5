package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.spi.StudyRunner.Resources;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingEngine.AtOnce;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * The number of workers, and the threads and the memory of each worker.
 *
 * <p>The order of summation, and thus the last digits of results, depend on the number of threads
 * of a job. Unless this number is set for the lab, it depends only on the model, and not on the
 * machine or on other jobs.
 *
 * @param threads maximum number of threads of all concurrent jobs
 * @param threadsPerRun number of threads per job if it is set for the lab; otherwise empty
 * @param gpus number of GPUs, each of which uses one thread; 0 if jobs run on the CPU
 * @param memoryPerWorker memory per worker in bytes; does not affect results
 * @param jvmBytes memory of the child JVM of each worker, in bytes; 0 without child JVMs
 */
record WorkerLayout(
    int workers,
    int threads,
    OptionalInt threadsPerRun,
    int gpus,
    long memoryPerWorker,
    long jvmBytes,
    String reason) {
  /**
   * Models with fewer parameters than this have one thread. With several threads, a small model
   * trains more slowly, because the threads wait for each other at every step (see BENCHMARKS.md).
   */
  static final long SMALL_MODEL = 50_000_000;

  /** Models with more parameters than this have eight threads. Models in between have four. */
  static final long LARGE_MODEL = 200_000_000;

  /** Returns the layout that uses all given threads, or fewer if the memory does not suffice. */
  static WorkerLayout of(
      Collection<RunJob> jobs, TrainingEngine engine, Resources resources, long jvmBytes) {
    long memory = resources.memoryBytes();
    if (engine.onGpu()) {
      return onGpus(jobs, engine, memory, jvmBytes);
    }
    WorkerLayout one =
        new WorkerLayout(
            1, resources.threads(), resources.threadsPerRun(), 0, memory, jvmBytes, "");
    int fewest = jobs.stream().mapToInt(one::threads).min().orElse(1);
    int most = Math.max(1, Math.min(resources.threads() / fewest, jobs.size()));
    int workers = most;
    while (workers > 1 && !one.with(workers, "").fits(jobs, engine)) {
      workers--;
    }
    String reason =
        workers < most
            ? "no more workers fit in " + memory + " bytes"
            : workers == jobs.size() && workers < resources.threads() / fewest
                ? "there are " + jobs.size() + " independent jobs"
                : fewest == 1
                    ? "small models train fastest with one worker per thread"
                    : "each model uses at least " + fewest + " threads";
    return one.with(workers, reason);
  }

  /** Returns the layout for several workers, which is derived from this layout for one worker. */
  private WorkerLayout with(int number, String why) {
    long each = memoryPerWorker / perDevice(number);
    return new WorkerLayout(number, threads, threadsPerRun, gpus, each, jvmBytes, why);
  }

  private boolean fits(Collection<RunJob> jobs, TrainingEngine engine) {
    return memoryOfOne(jobs, engine) <= memoryPerWorker;
  }

  /** Returns the maximum number of workers per GPU, or the number of all workers on the CPU. */
  int workersPerDevice() {
    return perDevice(workers);
  }

  private int perDevice(int number) {
    return gpus == 0 ? number : (number + gpus - 1) / gpus;
  }

  /**
   * Returns the layout for GPUs. The number of sessions per GPU is chosen for the model that
   * benefits most from concurrency, and is limited by the memory and the number of jobs.
   *
   * @param memory memory of each GPU in bytes
   */
  private static WorkerLayout onGpus(
      Collection<RunJob> jobs, TrainingEngine engine, long memory, long jvmBytes) {
    AtOnce best =
        jvmBytes > 0
            ? new AtOnce(1, "child JVMs use a device one at a time")
            : jobs.stream()
                .map(t -> t.session(1).within(memory))
                .distinct()
                .map(engine::atOnce)
                .max(Comparator.comparingInt(AtOnce::sessions))
                .orElse(new AtOnce(1, "there is nothing to train"));
    int gpus = engine.devices().size();
    int most = gpus * best.sessions();
    int workers = Math.min(most, Math.max(1, jobs.size()));
    WorkerLayout one = new WorkerLayout(1, most, OptionalInt.empty(), gpus, memory, jvmBytes, "");
    while (workers > 1 && !one.with(workers, "").fits(jobs, engine)) {
      workers--;
    }
    String reason = best.reason() + (gpus > 1 ? ", on each of " + gpus + " GPUs" : "");
    if (workers < most) {
      reason +=
          workers == jobs.size()
              ? "; there are " + workers + " independent jobs"
              : "; no more workers fit in " + memory + " bytes";
    }
    return one.with(workers, reason);
  }

  int threads(RunJob job) {
    if (gpus > 0) {
      return 1;
    }
    long parameters = job.model().parameters(job.rows());
    return threadsPerRun.orElse(parameters <= SMALL_MODEL ? 1 : parameters <= LARGE_MODEL ? 4 : 8);
  }

  int mostThreads(Collection<RunJob> jobs) {
    return jobs.stream().mapToInt(this::threads).max().orElse(1);
  }

  long memoryOfOne(Collection<RunJob> jobs, TrainingEngine engine) {
    return jobs.stream()
        .map(this::session)
        .distinct()
        .mapToLong(spec -> engine.cost(spec).memoryBytes() + jvmBytes)
        .max()
        .orElse(0);
  }

  SessionSpec session(RunJob job) {
    return job.session(threads(job)).within(Math.max(0, memoryPerWorker - jvmBytes));
  }

  /**
   * Returns the time in seconds until all jobs have ended.
   *
   * @param seconds duration of each job, in the order in which the jobs start
   */
  double makespan(List<Double> seconds) {
    double[] busy = new double[workers];
    for (double job : seconds) {
      int first = 0;
      for (int w = 1; w < workers; w++) {
        first = busy[w] < busy[first] ? w : first;
      }
      busy[first] += job;
    }
    double end = 0;
    for (double b : busy) {
      end = Math.max(end, b);
    }
    return end;
  }
}
