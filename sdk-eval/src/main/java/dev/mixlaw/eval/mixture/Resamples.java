package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.internal.Hashing;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.DoubleConsumer;

/**
 * The settings of the bootstrap over runs, from which confidence intervals are computed.
 *
 * <p>Each resample consists of the same runs for every domain, so that draws can be averaged and
 * compared across domains.
 *
 * @param number number of refits; 0, or at least 100
 * @param executor executor that runs the refits; it does not affect results
 * @param progress receives the progress of a fit, from 0 to 1, from one thread at a time
 */
public record Resamples(int number, long seed, Executor executor, DoubleConsumer progress) {
  public Resamples {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(progress, "progress");
    if (number != 0 && number < 100) {
      throw new IllegalArgumentException("resamples: " + number + "; expected 0 or at least 100");
    }
  }

  /** Creates settings without a consumer of the progress. */
  public Resamples(int number, long seed, Executor executor) {
    this(number, seed, executor, part -> {});
  }

  /** Sets the consumer of the progress. The threads of the executor call it, one at a time. */
  public Resamples progress(DoubleConsumer consumer) {
    return new Resamples(number, seed, executor, consumer);
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
