package dev.mixlaw.api.results;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * The reason why a run was not completed: its loss diverged, or it ended with an error, while other
 * runs continued.
 *
 * @param kind kind of the failure
 * @param message description with the actual values
 * @param stack stack trace with all causes; empty if there is none
 * @param step index of the step at which the run diverged; empty if it did not diverge
 */
public record RunFailure(Kind kind, String message, String stack, OptionalLong step) {
  /**
   * Checks that no component is null, and that there is a step exactly if the run diverged.
   *
   * @throws IllegalArgumentException if there is a step without a divergence, or a divergence
   *     without a step
   */
  public RunFailure {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(stack, "stack");
    if (step.isPresent() != (kind == Kind.DIVERGED)) {
      throw new IllegalArgumentException(
          "failure %s: step %s; expected a step exactly if the run diverged".formatted(kind, step));
    }
  }

  /**
   * Creates a failure that is not a divergence.
   *
   * @throws IllegalArgumentException if the kind is a divergence
   */
  public RunFailure(Kind kind, String message, String stack) {
    this(kind, message, stack, OptionalLong.empty());
  }

  /** Returns the failure of a run whose loss was not finite, or was far above its initial value. */
  public static RunFailure diverged(long step, String reason) {
    return new RunFailure(Kind.DIVERGED, reason, "", OptionalLong.of(step));
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

  /** Returns whether the loss was not finite, or was far above its initial value. */
  public boolean isDivergence() {
    return step.isPresent();
  }

  @Override
  public String toString() {
    return (isDivergence() ? "diverged at step " + step.getAsLong() : "failed") + ": " + message;
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
