package dev.mixlaw.api.internal.spi;

/**
 * Thrown by an evaluator if the loss of a model is infinite or NaN. The run is then reported as
 * diverged and not as failed.
 */
public final class NonFiniteLossException extends ArithmeticException {
  private static final long serialVersionUID = 1;

  public NonFiniteLossException(String message) {
    super(message);
  }
}
