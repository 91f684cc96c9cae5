package dev.mixlaw.mix.generate;

import dev.mixlaw.mix.internal.Hash64;
import java.time.Duration;
import java.util.Objects;

/**
 * The number of attempts for a request, and the pauses between them. The pause doubles after each
 * attempt, up to a maximum. A random part of up to one half is subtracted, so that requests that
 * failed at the same time are not retried at the same time.
 *
 * @param attempts maximum number of attempts, including the first attempt; at least 1
 * @param first first pause
 * @param longest longest pause
 * @param longestRetryAfter longest pause that a generator may request; the request fails if the
 *     generator requests more
 */
record RetryPolicy(int attempts, Duration first, Duration longest, Duration longestRetryAfter) {
  /**
   * Six attempts with pauses from 1 s to 60 s, or up to 10 minutes if the generator requests it.
   */
  static final RetryPolicy DEFAULT =
      new RetryPolicy(6, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMinutes(10));

  RetryPolicy {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(longest, "longest");
    Objects.requireNonNull(longestRetryAfter, "longestRetryAfter");
    if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "retry policy: %s attempts, pauses %s to %s; expected at least 1 attempt and pauses that are not negative or decreasing"
              .formatted(attempts, first, longest));
    }
  }

  /**
   * Returns the pause after a failed attempt, which depends only on the arguments.
   *
   * @param attempt number of the failed attempt, from 1
   * @param seed seed of the request
   */
  Duration pause(int attempt, long seed) {
    double doubled = first.toMillis() * Math.pow(2, attempt - 1);
    double whole = Math.min(doubled, longest.toMillis());
    double random = (Hash64.at(seed, attempt) >>> 11) * 0x1p-53;
    return Duration.ofMillis(Math.round(whole * (1 - random / 2)));
  }
}
