package dev.mixlaw.api.spi;

import dev.mixlaw.api.internal.Names;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failure of a {@link TextGenerator}. It states whether a retry may help. */
public class GeneratorException extends RuntimeException {
  private static final long serialVersionUID = 2;

  /** The kind of failure. */
  public enum Failure {
    /**
     * The generator is down, busy or too slow, or its answer was lost. A later retry may succeed.
     */
    UNAVAILABLE,
    /** The answer is unusable, for example empty. A retry may succeed. */
    UNUSABLE,
    /** The prompt is refused, for example because it is too long. Other prompts may succeed. */
    PROMPT,
    /**
     * The request is refused for an unknown reason. It is treated as {@link #PROMPT} if the
     * generator answers other prompts, and as {@link #GENERATOR} otherwise.
     */
    REFUSED,
    /** Every prompt fails, for example because the key is refused or the model is unknown. */
    GENERATOR
  }

  private final Failure failure;
  private final @Nullable Duration retryAfter;

  /** Creates a failure without a cause or a waiting time. */
  public GeneratorException(Failure failure, String reason) {
    this(failure, reason, Optional.empty(), null);
  }

  /**
   * Creates a failure.
   *
   * @param failure kind of the failure
   * @param reason description of the failure; must not contain secrets
   * @param retryAfter waiting time that the generator requests; empty if it requests none
   * @param cause the exception that led to this one, if any
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

  /** Returns the waiting time that the generator requests; empty if it requests none. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Returns whether a retry with the same prompt may succeed. */
  public boolean mayPass() {
    return failure == Failure.UNAVAILABLE || failure == Failure.UNUSABLE;
  }
}
