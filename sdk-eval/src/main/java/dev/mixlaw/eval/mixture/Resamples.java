package dev.mixlaw.eval.mixture;

import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * The bootstrap over runs that confidence intervals are computed from.
 *
 * <p>Resample r draws the same runs for every domain, so that the draws of several domains can be
 * averaged and compared.
 *
 * @param number number of refits; 0, or at least 100
 * @param seed seed of the resamples
 * @param executor executor that runs the refits; results do not depend on the executor
 */
public record Resamples(int number, long seed, Executor executor) {
  public Resamples {
    Objects.requireNonNull(executor, "executor");
    if (number != 0 && number < 100) {
      throw new IllegalArgumentException("resamples: " + number + "; expected 0 or at least 100");
    }
  }

  /** Returns settings without resamples, so that predictions have no intervals. */
  public static Resamples none() {
    return new Resamples(0, 0, Runnable::run);
  }

  /** Returns resamples that are refitted in the calling thread. */
  public static Resamples of(int number, long seed) {
    return new Resamples(number, seed, Runnable::run);
  }
}
