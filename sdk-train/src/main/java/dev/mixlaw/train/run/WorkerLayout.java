package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.spi.StudyRunner.Resources;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingEngine.AtOnce;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The number of workers, and the threads and memory of each. Workers and threads are frozen at the
 * first start of a study: they determine the order of summation, and so the last digits of results.
 *
 * @param memoryPerWorker bytes per worker; not frozen, as it does not affect results
 */
record WorkerLayout(int workers, int threadsPerWorker, long memoryPerWorker, String reason) {
  /**
   * Models with more parameters use one worker with all threads: their matrix products are large
   * enough to be split, and concurrent models would compete for memory bandwidth. Smaller models
   * are trained faster by one worker per thread, as threads of one worker wait for each other at
   * every step (BENCHMARKS.md).
   */
  static final long SMALL_MODEL = 50_000_000;

  /** Returns the frozen layout, or the best one for the first start. */
  static WorkerLayout of(
      RunStore store, Collection<RunJob> jobs, TrainingEngine engine, Resources resources) {
    Optional<String> workers = store.frozen("workers");
    Optional<String> threads = store.frozen("threads per worker");
    if (workers.isPresent() && threads.isPresent()) {
      int asFrozen = number("workers", workers.get());
      return new WorkerLayout(
          asFrozen,
          number("threads", threads.get()),
          resources.memoryBytes() / Math.max(1, asFrozen),
          "as at the first start, because threads affect the results");
    }
    return propose(jobs, engine, resources);
  }

  private static int number(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem("study.json: frozen " + name, text, "a number", "the study's directory"),
          e);
    }
  }

  /**
   * Returns the layout that uses the most threads within the memory, and among those the one with
   * the most workers.
   */
  private static WorkerLayout propose(
      Collection<RunJob> jobs, TrainingEngine engine, Resources resources) {
    if (!engine.device().startsWith("cpu")) {
      return onDevice(jobs, engine, resources.memoryBytes());
    }
    boolean small = jobs.stream().allMatch(t -> t.model().parameters(t.rows()) <= SMALL_MODEL);
    int most = small ? Math.min(resources.threads(), jobs.size()) : 1;
    int workersOfBest = 1;
    int threadsOfBest = 1;
    for (int threads = 1; threads <= resources.threads(); threads++) {
      long memory = Math.max(1, memoryOfOne(jobs, engine, threads, resources.memoryBytes()));
      long fit = Math.min(resources.threads() / threads, resources.memoryBytes() / memory);
      int workers = (int) Math.min(most, fit);
      if (workers * threads > workersOfBest * threadsOfBest) {
        workersOfBest = workers;
        threadsOfBest = threads;
      }
    }
    String reason =
        !small
            ? "large models use all threads for each step"
            : workersOfBest == resources.threads()
                ? "small models train fastest with one worker per thread"
                : workersOfBest == jobs.size()
                    ? "small models train fastest concurrently, and there are "
                        + jobs.size()
                        + " independent jobs"
                    : "small models train fastest concurrently, and no more fit in "
                        + resources.memoryBytes()
                        + " bytes";
    return new WorkerLayout(
        workersOfBest, threadsOfBest, resources.memoryBytes() / workersOfBest, reason);
  }

  /**
   * Returns the layout for a device: as many sessions as the model that benefits most from
   * concurrency can use, limited by memory and by the number of jobs.
   */
  private static WorkerLayout onDevice(
      Collection<RunJob> jobs, TrainingEngine engine, long memory) {
    AtOnce best =
        jobs.stream()
            .map(t -> t.session(1).within(memory))
            .distinct()
            .map(engine::atOnce)
            .max(Comparator.comparingInt(AtOnce::sessions))
            .orElse(new AtOnce(1, "there is nothing to train"));
    int workers = Math.min(best.sessions(), Math.max(1, jobs.size()));
    while (workers > 1 && memoryOfOne(jobs, engine, 1, memory / workers) > memory / workers) {
      workers--;
    }
    String reason = best.reason();
    if (workers < best.sessions()) {
      reason +=
          workers == jobs.size()
              ? "; there are " + workers + " independent jobs"
              : "; no more fit in " + memory + " bytes";
    }
    return new WorkerLayout(workers, 1, memory / workers, reason);
  }

  /** Returns the maximum memory of a worker, bytes. */
  long memoryOfOne(Collection<RunJob> jobs, TrainingEngine engine) {
    return memoryOfOne(jobs, engine, threadsPerWorker, memoryPerWorker);
  }

  /** Returns the session of a worker that trains a job. */
  SessionSpec session(RunJob job) {
    return job.session(threadsPerWorker).within(memoryPerWorker);
  }

  private static long memoryOfOne(
      Collection<RunJob> jobs, TrainingEngine engine, int threads, long limit) {
    return jobs.stream()
        .map(t -> t.session(threads).within(limit))
        .distinct()
        .mapToLong(spec -> engine.cost(spec).memoryBytes())
        .max()
        .orElse(0);
  }

  /** Returns when the last job ends, if each worker takes the next job as soon as it is free. */
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
