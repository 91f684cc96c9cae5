package dev.mixlaw.samples;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Measures the speed of training sessions that run concurrently. */
final class ConcurrentSessions {
  private static final long WARM_UP = TimeUnit.SECONDS.toNanos(3);
  private static final long MEASURED = TimeUnit.SECONDS.toNanos(6);

  private ConcurrentSessions() {}

  static double tokensPerSecond(TrainingEngine engine, SessionSpec spec, int sessions)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(sessions);
    try {
      List<Callable<Double>> each = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        each.add(() -> tokensPerSecond(engine, spec));
      }
      double sum = 0;
      for (Future<Double> one : pool.invokeAll(each)) {
        sum += one.get();
      }
      return sum;
    } finally {
      pool.shutdown();
    }
  }

  private static double tokensPerSecond(TrainingEngine engine, SessionSpec spec) {
    int[] ids = randomBatch(spec);
    try (TrainingSession session = engine.open(spec)) {
      steps(session, ids, WARM_UP);
      long start = System.nanoTime();
      long steps = steps(session, ids, MEASURED);
      double seconds = (System.nanoTime() - start) / 1e9;
      return steps * (double) spec.batchSequences() * spec.model().context() / seconds;
    }
  }

  private static long steps(TrainingSession session, int[] ids, long nanos) {
    long start = System.nanoTime();
    long steps = 0;
    while (System.nanoTime() - start < nanos) {
      session.step(ids, 1e-3);
      steps++;
    }
    return steps;
  }

  static int[] randomBatch(SessionSpec spec) {
    int ids = spec.batchSequences() * (spec.model().context() + 1);
    return new Random(1).ints(ids, 0, spec.vocabulary()).toArray();
  }
}
