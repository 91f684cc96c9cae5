package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/**
 * What a forward pass keeps for the way back. What it does not keep is made again there by the same
 * kernels from the same values, so that no digit depends on it (Chen et al. 2016).
 *
 * @param wayBack whether there is one
 * @param layers of the model
 * @param blocks that have their activations there at once: the last ones of a model. Those before
 *     them share the first of these, and but for the last to use it are computed again
 * @param cheap whether a block keeps what its backward kernels can make at no cost: norms and the
 *     gated unit
 */
record Recomputation(boolean wayBack, int layers, int blocks, boolean cheap) {
  /** For losses alone. */
  static Recomputation nothing(ModelSpec model) {
    return new Recomputation(false, model.layers(), 1, true);
  }

  static Recomputation everything(ModelSpec model) {
    return new Recomputation(true, model.layers(), model.layers(), true);
  }

  /** All but what is cheap, of all blocks. */
  static Recomputation products(ModelSpec model) {
    return new Recomputation(true, model.layers(), model.layers(), false);
  }

  /** Of all blocks but one, nothing but their inputs. */
  static Recomputation inputs(ModelSpec model) {
    return new Recomputation(true, model.layers(), 1, false);
  }

  /** All there is to choose from, each taking less memory and no less time than the one before. */
  static List<Recomputation> choices(ModelSpec model) {
    List<Recomputation> choices = new ArrayList<>();
    choices.add(everything(model));
    for (int blocks = model.layers(); blocks > 0; blocks--) {
      choices.add(new Recomputation(true, model.layers(), blocks, false));
    }
    return choices;
  }

  /** Outputs of blocks, and what goes into the first, that are there at once. */
  int streams() {
    return wayBack ? layers + 1 : 2;
  }

  /** Which of the blocks' activations a layer's are. */
  int place(int layer) {
    return Math.max(0, layer - (layers - blocks));
  }

  /** Blocks, from the first on, that the way back computes again. */
  int again() {
    return wayBack ? layers - blocks : 0;
  }

  /**
   * Floating-point operations that this adds to training on one token: of a block all but its last
   * product, which nothing but the next block's input is made of.
   */
  double flopsAgainPerToken(ModelSpec model) {
    double width = model.width();
    double weights =
        width * (AttentionHeads.of(model).rowWidth() + width + 2.0 * model.feedForward());
    return again() * (2 * weights + 2.0 * model.context() * width);
  }
}
