package dev.mixlaw.eval.mixture;

/**
 * The settings of gradient boosting.
 *
 * @param trees number of trees, at least 1
 * @param learningRate factor of each tree's contribution, in (0, 1]
 * @param leaves largest number of leaves per tree, at least 2
 * @param runsPerLeaf smallest number of runs per leaf, at least 1; with few runs, at most a tenth
 *     of them
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

  /**
   * Returns the settings of RegMix: 1000 trees of 31 leaves, learning rate 0.01, 20 runs per leaf.
   */
  public static BoostingSettings published() {
    return new BoostingSettings(1000, 0.01, 31, 20);
  }
}
