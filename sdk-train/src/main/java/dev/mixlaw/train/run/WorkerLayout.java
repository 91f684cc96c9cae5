package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.StudyRunner.Resources;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingEngine.AtOnce;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How workers share the machine. Frozen at a study's first start: the number of threads decides the
 * order of sums, and so the last digits of the results.
 *
 * @param memoryPerWorker bytes that each is to do with, not frozen: they shape no result
 */
record WorkerLayout(int workers, int threadsPerWorker, long memoryPerWorker, String reason) {
  /**
   * Models above this many parameters get all threads for one worker: their products are large
   * enough to share out, and several at once would fight for memory bandwidth. Below it one worker
   * a thread is faster: threads of one worker wait for each other at every step (BENCHMARKS.md).
   */
  static final long SMALL_MODEL = 50_000_000;

  /** What was frozen, or what is best now. */
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
          "as the study began, for their number shapes the results");
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

  /** As many threads at work as memory allows, and of such layouts the one with most workers. */
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
            ? "models this large share out each step among all threads"
            : workersOfBest == resources.threads()
                ? "models this small train fastest one a thread"
                : workersOfBest == jobs.size()
                    ? "models this small train fastest several at once, and there are "
                        + jobs.size()
                        + " to train from a beginning of their own"
                    : "models this small train fastest several at once, and no more fit in "
                        + resources.memoryBytes()
                        + " bytes";
    return new WorkerLayout(
        workersOfBest, threadsOfBest, resources.memoryBytes() / workersOfBest, reason);
  }

  /** As many as serve the models best that profit most, as far as there are and they fit. */
  private static WorkerLayout onDevice(
      Collection<RunJob> jobs, TrainingEngine engine, long memory) {
    AtOnce best =
        jobs.stream()
            .map(t -> t.session(1).within(memory))
            .distinct()
            .map(engine::atOnce)
            .max(Comparator.comparingInt(AtOnce::sessions))
            .orElse(new AtOnce(1, "nothing is to be trained"));
    int workers = Math.min(best.sessions(), Math.max(1, jobs.size()));
    while (workers > 1 && memoryOfOne(jobs, engine, 1, memory / workers) > memory / workers) {
      workers--;
    }
    String reason = best.reason();
    if (workers < best.sessions()) {
      reason +=
          workers == jobs.size()
              ? "; there are " + workers + " to train from a beginning of their own"
              : "; no more fit in " + memory + " bytes";
    }
    return new WorkerLayout(workers, 1, memory / workers, reason);
  }

  /** Most memory that one worker takes. */
  long memoryOfOne(Collection<RunJob> jobs, TrainingEngine engine) {
    return memoryOfOne(jobs, engine, threadsPerWorker, memoryPerWorker);
  }

  /** As a worker trains it. */
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

  /** When the last of the jobs ends, if each worker takes the next as soon as it is free. */
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
