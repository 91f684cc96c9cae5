package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/**
 * The setting for activation checkpointing (Chen et al. 2016), which defines the activations that
 * the forward pass keeps for the backward pass. The backward pass recomputes the other activations
 * from the same values with the same kernels, so results are bit-identical.
 *
 * @param keptBlocks number of blocks, counted from the last, that keep their activations; all
 *     earlier blocks use the buffer of the first of these blocks, and their activations are
 *     recomputed
 * @param keepsCheap whether a block also keeps the outputs of its norms and its SwiGLU unit and, on
 *     some devices, the attention weights, which the backward kernels could restore at little cost
 */
record Recomputation(boolean training, int layers, int keptBlocks, boolean keepsCheap) {
  static Recomputation forwardOnly(ModelSpec model) {
    return new Recomputation(false, model.layers(), 1, true);
  }

  static Recomputation keepEverything(ModelSpec model) {
    return new Recomputation(true, model.layers(), model.layers(), true);
  }

  /** Returns the setting that keeps only the results of matrix products. */
  static Recomputation keepProducts(ModelSpec model) {
    return new Recomputation(true, model.layers(), model.layers(), false);
  }

  /** Returns the setting that keeps the input of each block, and the products of the last block. */
  static Recomputation keepInputs(ModelSpec model) {
    return new Recomputation(true, model.layers(), 1, false);
  }

  /** Returns all settings. Each setting takes less memory than the preceding one. */
  static List<Recomputation> choices(ModelSpec model) {
    List<Recomputation> choices = new ArrayList<>();
    choices.add(keepEverything(model));
    for (int blocks = model.layers(); blocks > 0; blocks--) {
      choices.add(new Recomputation(true, model.layers(), blocks, false));
    }
    return choices;
  }

  /**
   * Returns the number of residual streams in memory: the inputs of the blocks and the last output.
   */
  int streams() {
    return training ? layers + 1 : 2;
  }

  /** Returns the index of the buffer for the activations of a layer. */
  int activationsOf(int layer) {
    return Math.max(0, layer - (layers - keptBlocks));
  }

  /**
   * Returns the number of blocks that the backward pass recomputes, counted from the first block.
   */
  int recomputedBlocks() {
    return training ? layers - keptBlocks : 0;
  }

  /**
   * Returns the number of floating-point operations that recomputation adds to training on one
   * token. All matrix products of a block are recomputed except the last one, whose result is not
   * needed for the gradients of the block.
   */
  double extraFlopsPerToken(ModelSpec model) {
    double width = model.width();
    double weights =
        width * (AttentionHeads.of(model).rowWidth() + width + 2.0 * model.feedForward());
    return recomputedBlocks() * (2 * weights + 2.0 * model.context() * width);
  }
}
