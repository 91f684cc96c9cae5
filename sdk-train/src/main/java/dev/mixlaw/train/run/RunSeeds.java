package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.Hashing;

/**
 * Derives the random seeds of a run only from its seed in the study. With the same seed, every
 * mixture starts from the same weights and reads each corpus in the same order, so comparisons of
 * mixtures are paired.
 */
final class RunSeeds {
  private RunSeeds() {}

  /** Returns the seed of the initial weights. */
  static long weights(int seed) {
    return Hashing.mix64((2L * seed + 1) * Hashing.GOLDEN_GAMMA);
  }

  /** Returns the seed of the order of the text. */
  static long order(int seed) {
    return Hashing.mix64((2L * seed + 2) * Hashing.GOLDEN_GAMMA);
  }
}
