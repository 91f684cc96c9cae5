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
 * @param device whether jobs run on a GPU, with one thread each
 * @param memoryPerWorker memory per worker in bytes, which does not affect results
 * @param jvmBytes memory of the child JVM of each worker, in bytes; 0 without child JVMs
 * @param reason the reason for the number of workers
 */
record WorkerLayout(
    int workers,
    int threads,
    OptionalInt threadsPerRun,
    boolean device,
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
    if (!engine.device().startsWith("cpu")) {
      return onDevice(jobs, engine, resources.memoryBytes(), jvmBytes);
    }
    WorkerLayout one =
        new WorkerLayout(
            1,
            resources.threads(),
            resources.threadsPerRun(),
            false,
            resources.memoryBytes(),
            jvmBytes,
            "");
    int fewest = jobs.stream().mapToInt(one::threads).min().orElse(1);
    int most = Math.max(1, Math.min(resources.threads() / fewest, jobs.size()));
    int workers = most;
    while (workers > 1
        && one.with(workers, "").memoryOfOne(jobs, engine) > resources.memoryBytes() / workers) {
      workers--;
    }
    String reason =
        workers < most
            ? "no more workers fit in " + resources.memoryBytes() + " bytes"
            : workers == jobs.size() && workers < resources.threads() / fewest
                ? "there are " + jobs.size() + " independent jobs"
                : fewest == 1
                    ? "small models train fastest with one worker per thread"
                    : "each model uses at least " + fewest + " threads";
    return one.with(workers, reason);
  }

  private WorkerLayout with(int number, String why) {
    long memory = memoryPerWorker * workers / number;
    return new WorkerLayout(number, threads, threadsPerRun, device, memory, jvmBytes, why);
  }

  /**
   * Returns the layout for a device. It has as many sessions as the model that benefits most from
   * concurrency can use, limited by memory and by the number of jobs.
   */
  private static WorkerLayout onDevice(
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
    int workers = Math.min(best.sessions(), Math.max(1, jobs.size()));
    WorkerLayout one =
        new WorkerLayout(
            1, best.sessions(), OptionalInt.empty(), true, memory, jvmBytes, best.reason());
    while (workers > 1 && one.with(workers, "").memoryOfOne(jobs, engine) > memory / workers) {
      workers--;
    }
    String reason = best.reason();
    if (workers < best.sessions()) {
      reason +=
          workers == jobs.size()
              ? "; there are " + workers + " independent jobs"
              : "; no more workers fit in " + memory + " bytes";
    }
    return one.with(workers, reason);
  }

  /** Returns the number of threads of a job. */
  int threads(RunJob job) {
    if (device) {
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
