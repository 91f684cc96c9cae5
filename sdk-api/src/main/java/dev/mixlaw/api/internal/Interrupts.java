package dev.mixlaw.api.internal;

import java.util.concurrent.CancellationException;

/** Stops long computations when their thread is interrupted. */
public final class Interrupts {
  private Interrupts() {}

  /**
   * Throws an exception if the calling thread is interrupted. The interrupt status remains set.
   *
   * @throws CancellationException if the thread is interrupted
   */
  public static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("cancelled; finished work is kept (run again to resume)");
    }
  }
}
