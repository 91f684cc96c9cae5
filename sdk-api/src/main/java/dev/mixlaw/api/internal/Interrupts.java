package dev.mixlaw.api.internal;

import java.util.concurrent.CancellationException;

/** Lets long computations stop when their thread is interrupted. */
public final class Interrupts {
  private Interrupts() {}

  /**
   * Returns unless the calling thread is interrupted. Its interrupt status stays set.
   *
   * @throws CancellationException if it is interrupted
   */
  public static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("cancelled; what was done is kept, run it again to resume");
    }
  }
}
