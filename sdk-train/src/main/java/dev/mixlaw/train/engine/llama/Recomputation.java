package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/**
 * Which activations a forward pass keeps for the backward pass: activation checkpointing (Chen et
 * al. 2016). The others are computed again from the same values by the same kernels, so that
 * results are bit-identical.
 *
 * @param training whether there is a backward pass
 * @param layers number of blocks of the model
 * @param keptBlocks number of blocks whose activations are in memory at once. The last blocks keep
 *     theirs; the earlier ones share the first place, and are computed again
 * @param keepsCheap whether a block also keeps what its backward kernels can restore at no cost:
 *     the outputs of its norms and of its gated unit
 */
record Recomputation(boolean training, int layers, int keptBlocks, boolean keepsCheap) {
  /** For a forward pass alone. */
  static Recomputation forwardOnly(ModelSpec model) {
    return new Recomputation(false, model.layers(), 1, true);
  }

  /** Keeps all activations. */
  static Recomputation keepEverything(ModelSpec model) {
    return new Recomputation(true, model.layers(), model.layers(), true);
  }

  /** Keeps the results of all matrix products, and nothing else. */
  static Recomputation keepProducts(ModelSpec model) {
    return new Recomputation(true, model.layers(), model.layers(), false);
  }

  /** Keeps the inputs of all blocks but the last, and the products of the last. */
  static Recomputation keepInputs(ModelSpec model) {
    return new Recomputation(true, model.layers(), 1, false);
  }

  /** All possibilities; each takes less memory than the one before, and at least as much time. */
  static List<Recomputation> choices(ModelSpec model) {
    List<Recomputation> choices = new ArrayList<>();
    choices.add(keepEverything(model));
    for (int blocks = model.layers(); blocks > 0; blocks--) {
      choices.add(new Recomputation(true, model.layers(), blocks, false));
    }
    return choices;
  }

  /** Returns how many residual streams are in memory at once: block inputs and the last output. */
  int streams() {
    return training ? layers + 1 : 2;
  }

  /** Returns the index of the activations that a layer uses. */
  int activationsOf(int layer) {
    return Math.max(0, layer - (layers - keptBlocks));
  }

  /** Returns how many blocks, from the first on, the backward pass computes again. */
  int recomputedBlocks() {
    return training ? layers - keptBlocks : 0;
  }

  /**
   * Returns the floating-point operations that recomputation adds to training on one token. Of a
   * block, all but its last product is computed again: that product only makes the next block's
   * input.
   */
  double extraFlopsPerToken(ModelSpec model) {
    double width = model.width();
    double weights =
        width * (AttentionHeads.of(model).rowWidth() + width + 2.0 * model.feedForward());
    return recomputedBlocks() * (2 * weights + 2.0 * model.context() * width);
  }
}
