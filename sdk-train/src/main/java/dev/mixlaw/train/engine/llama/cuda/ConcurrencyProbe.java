package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingEngine.AtOnce;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.function.Supplier;

/**
 * Measures how many sessions should train concurrently on a GPU. The part of a GPU that one session
 * leaves unused depends on the model, the batch and the GPU. The number of sessions is therefore
 * doubled until the gain in speed is small.
 *
 * @param spec specification of each session
 * @param fit number of sessions that fit in the memory of the GPU
 * @param each duration of the measurement for each number of sessions
 */
record ConcurrencyProbe(TrainingEngine engine, SessionSpec spec, long fit, Duration each) {
  private static final int MAX_SESSIONS = 16;
  private static final int WARM_UP = 3;
  private static final double MIN_GAIN = 1.1;

  AtOnce best() {
    List<String> tried = new ArrayList<>();
    int best = 1;
    double most = 0;
    for (int sessions = 1; sessions <= Math.min(MAX_SESSIONS, fit); sessions *= 2) {
      double rate;
      try {
        rate = tokensPerSecond(sessions);
      } catch (MixlawException e) {
        if (sessions == 1) {
          throw e;
        }
        tried.add(sessions + " concurrent sessions do not start (" + e.getMessage() + ")");
        break;
      }
      tried.add(Texts.format("%d concurrent: %.3g tokens/s", sessions, rate));
      if (rate < MIN_GAIN * most) {
        break;
      }
      best = sessions;
      most = rate;
    }
    return new AtOnce(
        best, "measured with " + spec.model().name() + ": " + String.join(", ", tried));
  }

  private double tokensPerSecond(int sessions) {
    Phaser ready = new Phaser(sessions);
    ExecutorService pool =
        Executors.newFixedThreadPool(
            sessions,
            work -> {
              Thread thread = new Thread(work, "mixlaw-concurrency-probe");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Callable<Double>> all = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        all.add(() -> one(ready));
      }
      double sum = 0;
      for (Future<Double> rate : pool.invokeAll(all)) {
        sum += rate.get();
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdown();
    }
  }

  /** Trains in one session. As in real training, there is always one step in flight. */
  private double one(Phaser ready) {
    int[] ids = new int[spec.batchSequences() * (spec.model().context() + 1)];
    Arrays.setAll(ids, i -> i % spec.vocabulary());
    try (TrainingSession session = engine.open(spec)) {
      for (int i = 0; i < WARM_UP; i++) {
        session.step(ids, 0);
      }
      ready.arriveAndAwaitAdvance();
      long start = System.nanoTime();
      long steps = 0;
      Supplier<StepResult> last = session.begin(ids, 0);
      while (System.nanoTime() - start < each.toNanos()) {
        Supplier<StepResult> next = session.begin(ids, 0);
        check(last.get());
        last = next;
        steps++;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      check(last.get());
      return steps * (double) spec.batchSequences() * spec.model().context() / seconds;
    } finally {
      ready.arriveAndDeregister(); // the others must not wait for a session that failed
    }
  }

  private static void check(StepResult result) {
    if (!Double.isFinite(result.loss())) {
      throw new IllegalStateException(
          "the loss of an untrained model is " + result.loss() + "; expected a finite number");
    }
  }
}
