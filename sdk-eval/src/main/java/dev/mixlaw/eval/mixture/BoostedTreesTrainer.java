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
   * @param settings number, size and learning rate of the trees
   * @param rows one row of features for each target; not changed
   * @param targets values to predict
   * @return the sum of the trees as a function of a row; safe for use by several threads
   * @throws dev.mixlaw.api.MixlawException if the library cannot be loaded
   */
  ToDoubleFunction<double[]> train(BoostingSettings settings, double[][] rows, double[] targets);
}
