package dev.mixlaw.eval.internal;

import java.util.function.ToDoubleFunction;

/**
 * Trains gradient-boosted regression trees. The artifact {@code mixlaw-boosting} provides an
 * implementation, which {@link java.util.ServiceLoader} finds.
 */
public interface BoostedTreesTrainer {
  /**
   * Trains trees to predict targets from features. The same arguments always give the same trees.
   *
   * @param trees number of trees, at least 1
   * @param learningRate factor applied to each tree's contribution, in (0, 1]
   * @param leaves largest number of leaves per tree, at least 2
   * @param rowsPerLeaf smallest number of rows per leaf, at least 1
   * @param rows one row of features per target; not modified
   * @param weights weight of each row, above 0
   * @return the sum of the trees as a function of a row of features; the function is thread-safe
   * @throws dev.mixlaw.api.MixlawException if the library cannot be loaded
   */
  ToDoubleFunction<double[]> train(
      int trees,
      double learningRate,
      int leaves,
      int rowsPerLeaf,
      double[][] rows,
      double[] targets,
      double[] weights);
}
