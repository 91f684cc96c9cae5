package dev.mixlaw.api.internal;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
      throw cancellation();
    }
  }

  /**
   * Returns the result of a computation that reads or writes files. If an interrupt closes a file
   * that is in use, the computation fails, and its exception is replaced by a {@link
   * CancellationException}.
   *
   * @throws CancellationException if the computation fails because its thread was interrupted
   */
  public static <T> T cancelling(Supplier<T> computation) {
    try {
      return computation.get();
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted() && isInterruption(e)) {
        throw (CancellationException) cancellation().initCause(e);
      }
      throw e;
    }
  }

  private static boolean isInterruption(@Nullable Throwable failure) {
    return failure != null
        && !(failure instanceof CancellationException)
        && (failure instanceof ClosedByInterruptException
            || failure instanceof InterruptedIOException
            || isInterruption(failure.getCause()));
  }

  private static CancellationException cancellation() {
    return new CancellationException("cancelled; finished work is kept (run again to resume)");
  }
}
