package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.internal.Hashing;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/**
 * The settings of the bootstrap over runs, from which confidence intervals are computed.
 *
 * <p>Each resample consists of the same runs for every domain, so that draws can be averaged and
 * compared across domains.
 *
 * @param number number of refits; 0, or at least 100
 * @param executor executor that runs the refits; it does not affect results
 */
public record Resamples(int number, long seed, Executor executor) {
  public Resamples {
    Objects.requireNonNull(executor, "executor");
    if (number != 0 && number < 100) {
      throw new IllegalArgumentException("resamples: " + number + "; expected 0 or at least 100");
    }
  }

  /** Returns settings without resamples. Predictions then have no intervals. */
  public static Resamples none() {
    return new Resamples(0, 0, Runnable::run);
  }

  /** Returns settings for resamples that are refitted in the calling thread. */
  public static Resamples of(int number, long seed) {
    return new Resamples(number, seed, Runnable::run);
  }

  /**
   * Returns the random numbers of a resample, which depend neither on threads nor on the domain.
   */
  SplittableRandom random(int resample) {
    return new SplittableRandom(seed * Hashing.GOLDEN_GAMMA + resample);
  }
}
