package dev.mixlaw.eval.law;

import dev.mixlaw.api.internal.Hashing;
import java.util.SplittableRandom;

/**
 * The random numbers for the resamples of a fit, which depend on the seed and on the observations.
 * Fits to different data are resampled independently even with the same seed, so the difference
 * between two fits includes the noise of both. Fits of several forms to the same data share their
 * resamples, so the forms can be compared draw by draw.
 */
final class RandomStreams {
  private final long root;

  public RandomStreams(long seed, Observations observations) {
    long hash = mix(seed + Hashing.GOLDEN_GAMMA);
    for (Observations.Observation row : observations.rows()) {
      hash = mix(hash ^ Double.doubleToLongBits(row.loss()));
      for (double input : row.inputs()) {
        hash = mix(hash + Hashing.GOLDEN_GAMMA ^ Double.doubleToLongBits(input));
      }
    }
    root = hash;
  }

  public SplittableRandom resample(int number) {
    return new SplittableRandom(mix(root + Hashing.GOLDEN_GAMMA * number));
  }

  public SplittableRandom newRun(int number) {
    return new SplittableRandom(mix(~root + Hashing.GOLDEN_GAMMA * number));
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    long b = (a ^ (a >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return b ^ (b >>> 33);
  }
}
