package dev.mixlaw.eval.boosting;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.eval.internal.BoostedTreesTrainer;
import java.util.function.ToDoubleFunction;

/** The trainer of boosted trees that uses LightGBM; {@link java.util.ServiceLoader} finds it. */
public final class LightGbmTrainer implements BoostedTreesTrainer {
  @Override
  public ToDoubleFunction<double[]> train(
      int trees,
      double learningRate,
      int leaves,
      int rowsPerLeaf,
      double[][] rows,
      double[] targets,
      double[] weights) {
    try {
      String parameters = LightGbm.parameters(learningRate, leaves, rowsPerLeaf);
      return Trees.read(LightGbm.train(trees, parameters, rows, targets, weights))::value;
    } catch (LinkageError e) {
      throw MixlawException.engine(
          "model boosting",
          "LightGBM cannot be loaded: " + e,
          "io.github.metarank:lightgbm4j (a dependency of mixlaw-boosting) on the class path, or on the module path with --add-modules lightgbm4j; on Linux, libgomp.so.1 is also required",
          "correct the project's dependencies, or install the operating system's package libgomp1",
          e);
    }
  }
}
