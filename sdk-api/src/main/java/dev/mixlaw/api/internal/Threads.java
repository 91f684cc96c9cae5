package dev.mixlaw.api.internal;

/** Utilities for waiting for threads. */
public final class Threads {
  private Threads() {}

  /**
   * Waits until threads have ended, even if the caller is interrupted. The interrupt status stays
   * set.
   */
  public static void join(Iterable<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
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
