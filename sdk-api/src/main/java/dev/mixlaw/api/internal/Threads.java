package dev.mixlaw.api.internal;

import java.util.function.BooleanSupplier;

/**
 * Waits for threads and conditions even if the calling thread is interrupted. The interrupt status
 * is set again after the wait.
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
}
