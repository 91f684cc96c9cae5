package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.Hashing;

/**
 * Derives the random seeds of a run from its seed in the study. All mixtures with the same seed
 * start from the same weights and read each corpus in the same order, so that comparisons of
 * mixtures are paired.
 */
final class RunSeeds {
  private RunSeeds() {}

  static long weights(int seed) {
    return Hashing.mix64((2L * seed + 1) * Hashing.GOLDEN_GAMMA);
  }

  static long order(int seed) {
    return Hashing.mix64((2L * seed + 2) * Hashing.GOLDEN_GAMMA);
  }
}
