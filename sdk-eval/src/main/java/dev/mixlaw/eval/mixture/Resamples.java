package dev.mixlaw.eval.mixture;

import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * The bootstrap over runs that intervals are made of.
 *
 * <p>Resample r draws the same runs for every domain, so that draws of several domains can be
 * averaged and compared.
 *
 * @param number of refits; 0, or at least 100
 * @param seed of the resamples
 * @param executor where they are refitted; results do not depend on it
 */
public record Resamples(int number, long seed, Executor executor) {
  public Resamples {
    Objects.requireNonNull(executor, "executor");
    if (number != 0 && number < 100) {
      throw new IllegalArgumentException(
          "resamples: " + number + " given, 0 or at least 100 needed");
    }
  }

  /** No intervals: only predictions. */
  public static Resamples none() {
    return new Resamples(0, 0, Runnable::run);
  }

  /** In the calling thread. */
  public static Resamples of(int number, long seed) {
    return new Resamples(number, seed, Runnable::run);
  }
}
