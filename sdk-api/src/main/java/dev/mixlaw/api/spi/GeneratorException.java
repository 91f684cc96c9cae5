package dev.mixlaw.api.spi;

import dev.mixlaw.api.internal.Names;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Thrown if a {@link TextGenerator} fails. The exception tells whether a retry may succeed. */
public class GeneratorException extends RuntimeException {
  private static final long serialVersionUID = 2;

  /** The kind of a failure. */
  public enum Failure {
    /**
     * The generator is down, busy or too slow, or its response was lost. A later retry may succeed.
     */
    UNAVAILABLE,
    /** The response is unusable, for example because it is empty. A retry may succeed. */
    UNUSABLE,
    /**
     * The generator rejects the prompt, for example because it is too long. Other prompts may
     * succeed.
     */
    PROMPT,
    /**
     * The generator rejects the request for an unknown reason. If it accepts other prompts, the
     * failure is treated as {@link #PROMPT}, otherwise as {@link #GENERATOR}.
     */
    REFUSED,
    /** Every request fails, for example because the API key is rejected or the model is unknown. */
    GENERATOR
  }

  private final Failure failure;
  private final @Nullable Duration retryAfter;

  /** Creates an exception without a cause and without a waiting time. */
  public GeneratorException(Failure failure, String reason) {
    this(failure, reason, Optional.empty(), null);
  }

  /**
   * Creates an exception.
   *
   * @param failure kind of the failure
   * @param reason description of the failure; must not contain secrets
   * @param retryAfter waiting time that the generator requests; empty if it requests none
   * @param cause the cause, which may be null
   */
  public GeneratorException(
      Failure failure, String reason, Optional<Duration> retryAfter, @Nullable Throwable cause) {
    super(Names.printable(reason), cause);
    this.failure = Objects.requireNonNull(failure, "failure");
    this.retryAfter = retryAfter.orElse(null);
  }

  /** Returns the kind of this failure. */
  public Failure failure() {
    return failure;
  }

  /**
   * Returns the waiting time that the generator requests before a retry; empty if it requests none.
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Returns whether a retry with the same prompt may succeed. */
  public boolean mayPass() {
    return failure == Failure.UNAVAILABLE || failure == Failure.UNUSABLE;
  }
}
