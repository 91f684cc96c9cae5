package dev.mixlaw.api.results;

import java.util.Objects;

/**
 * The reason why a run did not complete.
 *
 * @param kind kind of the failure
 * @param message description with the actual values
 * @param stack stack trace with all causes; empty if there is none
 */
public record RunFailure(Kind kind, String message, String stack) {
  /** Checks that nothing is null. */
  public RunFailure {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(stack, "stack");
  }

  /** Creates a failure with the stack traces of an exception and of its causes. */
  public static RunFailure of(Kind kind, String message, Throwable thrown) {
    StringBuilder stack = new StringBuilder();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      stack.append(t == thrown ? "" : "Caused by: ").append(t).append('\n');
      for (StackTraceElement element : t.getStackTrace()) {
        stack.append("\tat ").append(element).append('\n');
      }
    }
    return new RunFailure(kind, message, stack.toString());
  }

  /** What failed. */
  public enum Kind {
    /** The loss was not finite, or far above its initial value. Such a run is not tried again. */
    DIVERGED,
    /** Neither heap nor native memory was sufficient. */
    OUT_OF_MEMORY,
    /** The device failed twice, so that all of its sessions were lost. */
    DEVICE_LOST,
    /** The child JVM of the run died twice. */
    CHILD_JVM_DIED,
    /** The engine refused a model, a checkpoint or a step. */
    ENGINE,
    /** The evaluator failed. The model is trained and kept. */
    EVALUATOR,
    /** The model is trained, but its measurements are not complete yet. */
    UNMEASURED,
    /** Any other error. */
    OTHER
  }
}
