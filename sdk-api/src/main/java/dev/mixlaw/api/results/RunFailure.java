package dev.mixlaw.api.results;

import java.util.Objects;

/**
 * The reason why a run was not completed.
 *
 * @param kind kind of the failure
 * @param message description with the actual values
 * @param stack stack trace with all causes; empty if there is none
 */
public record RunFailure(Kind kind, String message, String stack) {
  /** Checks that no component is null. */
  public RunFailure {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(stack, "stack");
  }

  /** Returns a failure with the stack traces of an exception and its causes. */
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

  /** The kind of a failure. */
  public enum Kind {
    /** The loss was not finite, or was far above its initial value. The run is not repeated. */
    DIVERGED,
    /** The heap or the native memory was not sufficient. */
    OUT_OF_MEMORY,
    /**
     * A device error made all sessions on the device unusable. Training is retried once after such
     * an error.
     */
    DEVICE_LOST,
    /** The child JVM of the run died twice. */
    CHILD_JVM_DIED,
    /** The engine rejected a model, a checkpoint or a step. */
    ENGINE,
    /** The evaluator failed. The trained model is kept. */
    EVALUATOR,
    /** The model is trained, but not all of its measurements are complete yet. */
    UNMEASURED,
    /** Any other error. */
    OTHER
  }
}
