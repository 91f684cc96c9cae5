package dev.mixlaw.mix.generate;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.mix.generate.DraftWriter.Outcome;
import dev.mixlaw.mix.generate.DraftWriter.Refusal;
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
 * Worker threads that write drafts ahead, up to a limit, and deliver them in the order of
 * submission. The first failure ends all work. Pending requests are then completed, because they
 * are paid for, but no new requests are sent.
 */
final class OrderedWorkers implements AutoCloseable {
  private static final int AHEAD = 16;

  private final GenerationSettings settings;
  private final RequestExecutor executor;
  private final DraftWriter writer;
  private final Receiver receiver;
  private final ExecutorService threads;
  private final Queue<Thread> started = new ConcurrentLinkedQueue<>();
  private final Deque<Future<Outcome>> ahead = new ArrayDeque<>();
  private final AtomicReference<RuntimeException> end = new AtomicReference<>();
  private final AtomicInteger unanswered = new AtomicInteger();

  @FunctionalInterface
  interface Receiver {
    void receive(Outcome outcome) throws IOException;
  }

  OrderedWorkers(GenerationSettings settings, RequestExecutor executor, Receiver receiver) {
    this.settings = settings;
    this.executor = executor;
    this.writer = new DraftWriter(settings, executor, false);
    this.receiver = receiver;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            settings.concurrency,
            work -> {
              Thread thread = new Thread(work, "mixlaw-generate-" + number.incrementAndGet());
              started.add(thread);
              return thread;
            });
  }

  /** Submits a material. Waits for the oldest draft if too many drafts are pending. */
  void submit(Material material) throws IOException {
    ahead.add(threads.submit(() -> write(material)));
    if (ahead.size() >= AHEAD * settings.concurrency) {
      deliver(ahead.remove());
    }
  }

  void finish() throws IOException {
    while (!ahead.isEmpty()) {
      deliver(ahead.remove());
    }
  }

  /** Writes a draft in a worker thread. */
  private Outcome write(Material material) {
    try {
      return writer.write(material);
    } catch (GeneratorException e) {
      boolean unavailable = e.failure() == GeneratorException.Failure.UNAVAILABLE;
      if (unavailable && unanswered.incrementAndGet() <= settings.unansweredLimit) {
        Refusal refusal = new Refusal("unanswered", String.valueOf(e.getMessage()));
        return new Outcome(material, "", Optional.of(refusal), List.of(), Map.of());
      }
      throw end(generatorFailed(settings, e));
    } catch (RuntimeException e) {
      throw end(e);
    }
  }

  /** Ends all work. The reason is ignored if all work has already ended. */
  private RuntimeException end(RuntimeException reason) {
    end.compareAndSet(null, reason);
    executor.stop();
    return reason;
  }

  private void deliver(Future<Outcome> future) throws IOException {
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
    receiver.receive(outcome);
  }

  /**
   * Returns the exception with which all work ended. It is reported instead of the given exception,
   * which only says that a thread was stopped.
   */
  RuntimeException reason(StoppedException stopped) {
    RuntimeException reason = end.get();
    return reason != null ? reason : stopped.isBudgetSpent() ? stopped : interrupted();
  }

  private CancellationException interrupted() {
    return new CancellationException(
        "generation of corpus " + settings.name() + " was interrupted; run it again to continue");
  }

  static MixlawException generatorFailed(GenerationSettings settings, GeneratorException e) {
    return new MixlawException(
        MixlawException.Kind.GENERATOR,
        new Problem(
            "corpus " + settings.name() + ", generator " + settings.generator().name(),
            String.valueOf(e.getMessage()),
            "a generator that answers",
            (e.failure() == GeneratorException.Failure.UNAVAILABLE
                    ? "check the generator, or change Generation.retry or Generation.unansweredLimit"
                    : "check the generator")
                + "; then run the same generation again in the same directory; it resumes from the stored answers"),
        e);
  }

  /** Ends all work, and waits until all threads have terminated. */
  @Override
  public void close() {
    executor.stop();
    threads.shutdown();
    Threads.await(
        threads::isTerminated,
        () -> threads.awaitTermination(1, TimeUnit.HOURS),
        threads::shutdownNow);
    // A pool terminates shortly before its last thread does.
    Threads.join(started);
  }
}
