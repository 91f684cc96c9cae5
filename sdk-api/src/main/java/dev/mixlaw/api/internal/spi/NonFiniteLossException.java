package dev.mixlaw.api.internal.spi;

/**
 * Thrown by an evaluator when a model's loss is infinite or NaN. The run then counts as diverged,
 * not as failed.
 */
public final class NonFiniteLossException extends ArithmeticException {
  private static final long serialVersionUID = 1;

  /** Creates an exception with a message that names what was evaluated. */
  public NonFiniteLossException(String message) {
    super(message);
  }
}
