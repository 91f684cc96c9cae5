package dev.mixlaw.eval.mixture;

/**
 * How trees are boosted.
 *
 * @param trees number of them
 * @param learningRate factor of each tree's step, in (0, 1]
 * @param leaves most leaves a tree
 * @param runsPerLeaf fewest runs a leaf; fewer where there are under ten times as many runs
 */
public record BoostingSettings(int trees, double learningRate, int leaves, int runsPerLeaf) {
  public BoostingSettings {
    if (trees < 1 || !(learningRate > 0 && learningRate <= 1) || leaves < 2 || runsPerLeaf < 1) {
      throw new IllegalArgumentException(
          "boosting: "
              + trees
              + " trees, learning rate "
              + learningRate
              + ", "
              + leaves
              + " leaves, "
              + runsPerLeaf
              + " runs a leaf; needed: trees and runs from 1, a rate in (0, 1], leaves from 2");
    }
  }

  /** Those of RegMix: 1000 trees of 31 leaves at 0.01, 20 runs a leaf. */
  public static BoostingSettings published() {
    return new BoostingSettings(1000, 0.01, 31, 20);
  }
}
