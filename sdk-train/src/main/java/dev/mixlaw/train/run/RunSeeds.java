package dev.mixlaw.train.run;

/**
 * Random seeds of a run, from its seed in the grid alone: with one seed, every mixture starts from
 * the same weights and reads each corpus in the same order, so mixtures are compared in pairs.
 */
final class RunSeeds {
  private RunSeeds() {}

  /** Seed of the initial weights. */
  static long weights(int seed) {
    return mix(2L * seed + 1);
  }

  /** Seed of the order of the text. */
  static long order(int seed) {
    return mix(2L * seed + 2);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long n) {
    long z = n * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
