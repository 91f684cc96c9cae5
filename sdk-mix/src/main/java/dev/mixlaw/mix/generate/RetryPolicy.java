package dev.mixlaw.mix.generate;

import dev.mixlaw.mix.internal.Hash64;
import java.time.Duration;
import java.util.Objects;

/**
 * How often a request is made again after a failure that may pass, and after which pause.
 *
 * <p>Pauses double from the first to the longest, each shortened at random by up to a half so that
 * requests that failed together do not come back together. A generator that says how long to wait
 * is heeded, if that is no more than {@code patience}.
 *
 * @param attempts of a request, the first included
 * @param first pause
 * @param longest pause
 * @param patience the longest wait that a generator may ask for
 */
public record RetryPolicy(int attempts, Duration first, Duration longest, Duration patience) {
  public RetryPolicy {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(longest, "longest");
    Objects.requireNonNull(patience, "patience");
    if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          attempts
              + " attempts, pauses from "
              + first
              + " to "
              + longest
              + "; expected at least 1, 0 or more, no less than the first");
    }
  }

  /** Six attempts, pauses from 1 s to 60 s, a patience of 10 minutes. */
  public static RetryPolicy standard() {
    return new RetryPolicy(
        6, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMinutes(10));
  }

  /**
   * The pause after a failed attempt: a pure function of the policy and these.
   *
   * @param attempt that failed, from 1
   * @param seed of the request
   */
  public Duration pause(int attempt, long seed) {
    double doubled = first.toMillis() * Math.pow(2, attempt - 1);
    double whole = Math.min(doubled, longest.toMillis());
    double random = (Hash64.at(seed, attempt) >>> 11) * 0x1p-53;
    return Duration.ofMillis(Math.round(whole * (1 - random / 2)));
  }
}
