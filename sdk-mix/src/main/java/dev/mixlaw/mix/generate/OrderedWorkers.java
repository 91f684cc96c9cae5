package dev.mixlaw.mix.generate;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.mix.generate.DraftWriter.Left;
import dev.mixlaw.mix.generate.DraftWriter.Outcome;
import dev.mixlaw.mix.generate.spi.Material;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads that write drafts, a bounded number at a time and ahead; outcomes come in the order of
 * the materials. The first failure that matters ends all work: what is under way is let finish, as
 * it is paid for, and nothing new is asked.
 */
final class OrderedWorkers implements AutoCloseable {
  private static final int AHEAD = 16;

  private final GenerationSettings job;
  private final RequestExecutor desk;
  private final DraftWriter drafting;
  private final Taker taker;
  private final ExecutorService threads;
  private final Queue<Thread> started = new ConcurrentLinkedQueue<>();
  private final Deque<Future<Outcome>> ahead = new ArrayDeque<>();
  private final AtomicReference<RuntimeException> end = new AtomicReference<>();
  private final AtomicInteger unanswered = new AtomicInteger();

  /** Takes outcomes in order. */
  @FunctionalInterface
  interface Taker {
    void take(Outcome outcome) throws IOException;
  }

  OrderedWorkers(GenerationSettings job, RequestExecutor desk, Taker taker) {
    this.job = job;
    this.desk = desk;
    this.drafting = new DraftWriter(job, desk);
    this.taker = taker;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            job.concurrency(),
            work -> {
              Thread thread = new Thread(work, "mixlaw-generate-" + number.incrementAndGet());
              started.add(thread);
              return thread;
            });
  }

  /** Begins a draft; waits for the oldest while too many are begun. */
  void draft(Material material) throws IOException {
    ahead.add(threads.submit(() -> write(material)));
    if (ahead.size() >= AHEAD * job.concurrency()) {
      settle(ahead.remove());
    }
  }

  /** Waits for all that was begun. */
  void finish() throws IOException {
    while (!ahead.isEmpty()) {
      settle(ahead.remove());
    }
  }

  /** In a thread of the crew. */
  private Outcome write(Material material) {
    try {
      return drafting.write(material);
    } catch (GeneratorException e) {
      boolean passing = e.failure() == GeneratorException.Failure.UNAVAILABLE;
      if (passing && unanswered.incrementAndGet() <= job.unansweredLimit()) {
        Left left = new Left("unanswered", String.valueOf(e.getMessage()));
        return new Outcome(material, "", Optional.of(left), List.of(), Map.of());
      }
      throw end(refusal(job, e));
    } catch (RuntimeException e) {
      throw end(e);
    }
  }

  /** The first to call it decides why all ends. */
  private RuntimeException end(RuntimeException reason) {
    end.compareAndSet(null, reason);
    desk.stop();
    return reason;
  }

  private void settle(Future<Outcome> future) throws IOException {
    Outcome outcome;
    try {
      outcome = future.get();
    } catch (ExecutionException e) {
      RuntimeException reason = end.get();
      if (reason != null) {
        throw reason;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw end(interrupted());
    }
    taker.take(outcome);
  }

  /** Why all ended, for whoever was only told that it did. */
  RuntimeException reason(StoppedException told) {
    RuntimeException reason = end.get();
    return reason != null ? reason : told.budgetSpent() ? told : interrupted();
  }

  private CancellationException interrupted() {
    return new CancellationException(
        "the generation of " + job.name() + " was interrupted; run it again and it goes on");
  }

  /** A generator's failure as its user is told. */
  static MixlawException refusal(GenerationSettings job, GeneratorException e) {
    return new MixlawException(
        MixlawException.Kind.GENERATOR,
        new Problem(
            "corpus " + job.name() + ", generator " + job.generator().name(),
            String.valueOf(e.getMessage()),
            "a generator that answers; all answers so far are kept, so that the same description in"
                + " the same directory goes on from here",
            e.failure() == GeneratorException.Failure.UNAVAILABLE
                ? "the generator, its retries, or unansweredLimit to do without some drafts"
                : "the generator"),
        e);
  }

  /** Ends all work and returns when no thread is left. */
  @Override
  public void close() {
    desk.stop();
    threads.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.HOURS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
        threads.shutdownNow();
      }
    }
    // A pool has terminated a moment before its last thread has.
    for (Thread thread : started) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
