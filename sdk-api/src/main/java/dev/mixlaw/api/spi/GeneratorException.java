package dev.mixlaw.api.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link TextGenerator} that did not write; says whether asking again is of use. */
public class GeneratorException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What failed. */
  public enum Failure {
    /** For now: down, busy, too slow, or its answer was lost on the way. Asking later may help. */
    UNAVAILABLE,
    /** It answered with nothing of use, such as an empty text. Asking again may help. */
    UNUSABLE,
    /** This prompt: too long, say. Others may be answered. */
    PROMPT,
    /** Every prompt would fail: a refused key, an unknown model. */
    GENERATOR
  }

  private final Failure failure;
  private final transient Optional<Duration> retryAfter;

  public GeneratorException(Failure failure, String reason) {
    this(failure, reason, Optional.empty(), null);
  }

  /**
   * A failure.
   *
   * @param reason what happened, without secrets
   * @param retryAfter how long the generator asks to be left alone
   */
  public GeneratorException(
      Failure failure, String reason, Optional<Duration> retryAfter, @Nullable Throwable cause) {
    super(reason, cause);
    this.failure = Objects.requireNonNull(failure, "failure");
    this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
  }

  public Failure failure() {
    return failure;
  }

  /** How long the generator asks to be left alone. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** Whether asking the same again may help. */
  public boolean mayPass() {
    return failure == Failure.UNAVAILABLE || failure == Failure.UNUSABLE;
  }
}
