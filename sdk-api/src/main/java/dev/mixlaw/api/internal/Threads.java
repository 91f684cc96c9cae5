package dev.mixlaw.api.internal;

/** Waiting for threads. */
public final class Threads {
  private Threads() {}

  /** Waits until threads have ended, also if the caller is interrupted; keeps the interrupt. */
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
