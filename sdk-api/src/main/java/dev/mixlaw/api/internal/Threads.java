package dev.mixlaw.api.internal;

public final class Threads {
  private Threads() {}

  /**
   * Waits until the threads have ended, even if the caller is interrupted. The interrupt status of
   * the caller remains set.
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
