package dev.mixlaw.eval.law;

import java.util.SplittableRandom;

/**
 * The random numbers for the resamples of a fit, which depend on the seed and on the observations.
 * Fits to different data are resampled independently even with the same seed, so the difference
 * between two fits includes the noise of both. Fits of several forms to the same data share their
 * resamples, so the forms can be compared draw by draw.
 */
final class RandomStreams {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long root;

  public RandomStreams(long seed, Observations observations) {
    long hash = mix(seed + GOLDEN);
    for (Observations.Observation row : observations.rows()) {
      hash = mix(hash ^ Double.doubleToLongBits(row.loss()));
      for (double input : row.inputs()) {
        hash = mix(hash + GOLDEN ^ Double.doubleToLongBits(input));
      }
    }
    root = hash;
  }

  public SplittableRandom resample(int number) {
    return new SplittableRandom(mix(root + GOLDEN * number));
  }

  public SplittableRandom newRun(int number) {
    return new SplittableRandom(mix(~root + GOLDEN * number));
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    long b = (a ^ (a >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return b ^ (b >>> 33);
  }
}
