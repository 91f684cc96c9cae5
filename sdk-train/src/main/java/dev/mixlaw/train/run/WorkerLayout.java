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
 * The number of workers, and the number of threads and the memory of each.
 *
 * <p>The number of threads of a job determines the order of summation, and so the last digits of
 * its results. Unless it is set for the lab, it depends only on the model, not on the machine or on
 * other jobs.
 *
 * @param workers maximum number of concurrent jobs
 * @param threads maximum number of threads of all concurrent jobs
 * @param threadsPerRun number of threads per job, if set for the lab; empty for the default
 * @param gpus number of GPUs on which jobs run, with one thread each; 0 for the processor
 * @param memoryPerWorker memory per worker in bytes, which does not affect results
 * @param jvmBytes memory of the child JVM of each worker, in bytes; 0 without child JVMs
 * @param reason the reason for the number of workers
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
   * Models with fewer parameters than this have one thread. They train fastest with one worker per
   * thread, because the threads of a single worker wait for each other at every step
   * (BENCHMARKS.md).
   */
  static final long SMALL_MODEL = 50_000_000;

  /** Models with more parameters than this have eight threads, other models have four. */
  static final long LARGE_MODEL = 200_000_000;

  /**
   * Returns the layout that uses the given threads within the memory.
   *
   * @param resources the resources of the lab, limited to those of the machine
   */
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

  /** Returns this layout of one worker with the given number of workers. */
  private WorkerLayout with(int number, String why) {
    long each = memoryPerWorker / perDevice(number);
    return new WorkerLayout(number, threads, threadsPerRun, gpus, each, jvmBytes, why);
  }

  private boolean fits(Collection<RunJob> jobs, TrainingEngine engine) {
    return memoryOfOne(jobs, engine) <= memoryPerWorker;
  }

  /** Returns the largest number of workers that share a GPU, or all workers on the processor. */
  int workersPerDevice() {
    return perDevice(workers);
  }

  private int perDevice(int number) {
    return gpus == 0 ? number : (number + gpus - 1) / gpus;
  }

  /**
   * Returns the layout for GPUs. Each has as many sessions as the model that benefits most from
   * concurrency can use, limited by memory and by the number of jobs.
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

  /** Returns the number of threads of a job. */
  int threads(RunJob job) {
    if (gpus > 0) {
      return 1;
    }
    long parameters = job.model().parameters(job.rows());
    return threadsPerRun.orElse(parameters <= SMALL_MODEL ? 1 : parameters <= LARGE_MODEL ? 4 : 8);
  }

  /** Returns the largest number of threads of a job. */
  int mostThreads(Collection<RunJob> jobs) {
    return jobs.stream().mapToInt(this::threads).max().orElse(1);
  }

  /** Returns the maximum memory of a worker in bytes. */
  long memoryOfOne(Collection<RunJob> jobs, TrainingEngine engine) {
    return jobs.stream()
        .map(this::session)
        .distinct()
        .mapToLong(spec -> engine.cost(spec).memoryBytes() + jvmBytes)
        .max()
        .orElse(0);
  }

  /** Returns the description of the session in which a worker trains a job. */
  SessionSpec session(RunJob job) {
    return job.session(threads(job)).within(Math.max(0, memoryPerWorker - jvmBytes));
  }

  /**
   * Returns the time at which the last job ends if each worker takes the next job as soon as it is
   * free.
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
