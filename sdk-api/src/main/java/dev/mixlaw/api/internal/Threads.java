package dev.mixlaw.api.internal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * Waits for threads, tasks and conditions even if the calling thread is interrupted. The interrupt
 * status is set again after the wait.
 */
public final class Threads {
  private Threads() {}

  /** A blocking operation that throws an exception if the thread is interrupted. */
  @FunctionalInterface
  public interface Waiting {
    /** Blocks for some time, or until an event occurs. */
    void run() throws InterruptedException;
  }

  /** Waits until the threads have ended. */
  public static void join(Iterable<Thread> threads) {
    threads.forEach(thread -> await(() -> !thread.isAlive(), thread::join, () -> {}));
  }

  /**
   * Waits until a condition is true.
   *
   * @param waiting called repeatedly until the condition is true
   * @param whenInterrupted called each time an interrupt ends {@code waiting}
   */
  public static void await(BooleanSupplier condition, Waiting waiting, Runnable whenInterrupted) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      try {
        waiting.run();
      } catch (InterruptedException e) {
        interrupted = true;
        whenInterrupted.run();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Runs tasks in parallel, as {@link #all(List, Executor)} does.
   *
   * @param progress receives the fraction of tasks that are done, from one thread at a time
   */
  public static <T> List<T> all(
      List<Supplier<T>> work, Executor executor, DoubleConsumer progress) {
    AtomicInteger done = new AtomicInteger();
    return all(
        work.stream()
            .<Supplier<T>>map(
                w ->
                    () -> {
                      T result = w.get();
                      synchronized (done) {
                        progress.accept(done.incrementAndGet() / (double) work.size());
                      }
                      return result;
                    })
            .toList(),
        executor);
  }

  /** Runs tasks in parallel. A runtime exception of a task is rethrown without a wrapper. */
  public static <T> List<T> all(List<Supplier<T>> work, Executor executor) {
    List<CompletableFuture<T>> futures =
        work.stream().map(w -> CompletableFuture.supplyAsync(w, executor)).toList();
    try {
      CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new)).join();
      return futures.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
