package dev.mixlaw.eval.mixture;

import java.util.function.ToDoubleFunction;

/**
 * Trains gradient-boosted regression trees. The artifact {@code mixlaw-boosting} provides an
 * implementation, which {@link java.util.ServiceLoader} finds.
 */
public interface BoostedTreesTrainer {
  /**
   * Trains trees on rows of numbers. The same arguments give the same trees.
   *
   * @param trees number of trees, at least 1
   * @param learningRate factor applied to each tree's contribution, in (0, 1]
   * @param leaves largest number of leaves per tree, at least 2
   * @param rowsPerLeaf smallest number of rows per leaf, at least 1
   * @param rows features of each target, one row per target; the rows are not changed
   * @param targets values to predict
   * @return the sum of the trees as a function of a row; safe for use by several threads
   * @throws dev.mixlaw.api.MixlawException if the library cannot be loaded
   */
  ToDoubleFunction<double[]> train(
      int trees,
      double learningRate,
      int leaves,
      int rowsPerLeaf,
      double[][] rows,
      double[] targets);
}
