package dev.mixlaw.api.internal;

import java.util.function.BooleanSupplier;

/** Waits that an interrupt does not end. The interrupt status of the caller remains set. */
public final class Threads {
  private Threads() {}

  /** A wait that an interrupt ends. */
  @FunctionalInterface
  public interface Waiting {
    /** Waits for some time, or until something happens. */
    void run() throws InterruptedException;
  }

  /** Waits until the threads have ended. */
  public static void join(Iterable<Thread> threads) {
    threads.forEach(thread -> await(() -> !thread.isAlive(), thread::join, () -> {}));
  }

  /**
   * Waits until a condition holds.
   *
   * @param waiting runs repeatedly while the condition does not hold
   * @param whenInterrupted runs each time an interrupt ends {@code waiting}
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
