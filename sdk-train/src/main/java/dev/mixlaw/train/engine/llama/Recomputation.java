package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/**
 * The setting for activation checkpointing (Chen et al. 2016): which activations a forward pass
 * keeps for the backward pass. The other activations are recomputed from the same values with the
 * same kernels, so results are bit-identical.
 *
 * @param training whether there is a backward pass
 * @param layers number of blocks of the model
 * @param keptBlocks number of blocks whose activations are in memory at once. The last blocks keep
 *     their activations; the earlier blocks share the first buffer, and their activations are
 *     recomputed
 * @param keepsCheap whether a block also keeps what its backward kernels can restore at no cost:
 *     the outputs of its norms and of its gated unit
 */
record Recomputation(boolean training, int layers, int keptBlocks, boolean keepsCheap) {
  /** Returns the setting for a forward pass without a backward pass. */
  static Recomputation forwardOnly(ModelSpec model) {
    return new Recomputation(false, model.layers(), 1, true);
  }

  /** Returns the setting that keeps all activations. */
  static Recomputation keepEverything(ModelSpec model) {
    return new Recomputation(true, model.layers(), model.layers(), true);
  }

  /** Returns the setting that keeps the results of all matrix products, and nothing else. */
  static Recomputation keepProducts(ModelSpec model) {
    return new Recomputation(true, model.layers(), model.layers(), false);
  }

  /**
   * Returns the setting that keeps the inputs of all blocks except the last, and the products of
   * the last block.
   */
  static Recomputation keepInputs(ModelSpec model) {
    return new Recomputation(true, model.layers(), 1, false);
  }

  /**
   * Returns all options. Each option takes less memory than the previous option, and at least as
   * much time.
   */
  static List<Recomputation> choices(ModelSpec model) {
    List<Recomputation> choices = new ArrayList<>();
    choices.add(keepEverything(model));
    for (int blocks = model.layers(); blocks > 0; blocks--) {
      choices.add(new Recomputation(true, model.layers(), blocks, false));
    }
    return choices;
  }

  /** Returns the number of residual streams in memory at once: block inputs and the last output. */
  int streams() {
    return training ? layers + 1 : 2;
  }

  /** Returns the index of the activations that a layer uses. */
  int activationsOf(int layer) {
    return Math.max(0, layer - (layers - keptBlocks));
  }

  /** Returns the number of blocks, starting with the first, that the backward pass recomputes. */
  int recomputedBlocks() {
    return training ? layers - keptBlocks : 0;
  }

  /**
   * Returns the floating-point operations that recomputation adds to training on one token. All
   * products of a block are recomputed except the last one, which only produces the next block's
   * input.
   */
  double extraFlopsPerToken(ModelSpec model) {
    double width = model.width();
    double weights =
        width * (AttentionHeads.of(model).rowWidth() + width + 2.0 * model.feedForward());
    return recomputedBlocks() * (2 * weights + 2.0 * model.context() * width);
  }
}
