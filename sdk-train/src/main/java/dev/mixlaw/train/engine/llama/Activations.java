package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/** The buffers to which the forward pass of one lane writes. */
final class Activations {
  final Recomputation recomputation;

  /**
   * The residual streams that are kept for the backward pass: the input of each block, and the
   * output of the last block.
   */
  final List<Floats> streams = new ArrayList<>();

  private final List<Block> blocks = new ArrayList<>();
  final Floats headNorm;
  final Floats headScale;
  final Floats logits;

  /** Number of rows whose logits are computed in one kernel call. */
  final int chunk;

  private final List<Floats> headNormRows;
  final Ints inputs;

  /** The indices of the rows, sorted by the input token of each row. */
  final Ints order;

  final Ints labels;

  /**
   * The outputs of a block. {@link Recomputation} defines which of them are kept.
   *
   * @param norm1 output of the norm before the attention
   * @param scale1 inverse root mean square of each row of that norm's input
   * @param projected the queries, keys and values before QK-norm; the same object as {@code qkv}
   *     without QK-norm
   * @param logSums logarithms of the softmax denominators; see {@link DeviceKernels#attention}
   * @param attended output of the attention heads
   * @param middle residual stream after the attention
   * @param norm2 output of the norm before the feed-forward layer
   * @param scale2 inverse root mean square of each row of that norm's input
   * @param gateUp gate values and up values of the SwiGLU unit
   * @param activated output of the SwiGLU unit
   */
  record Block(
      Floats norm1,
      Floats scale1,
      Floats projected,
      Floats qkv,
      Floats logSums,
      Floats attended,
      Floats middle,
      Floats norm2,
      Floats scale2,
      Floats gateUp,
      Floats activated) {}

  Activations(
      ModelSpec model,
      int vocabulary,
      int rows,
      Recomputation recomputation,
      TileSizes tiles,
      Allocator allocator) {
    this.recomputation = recomputation;
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    long qkv = (long) rows * AttentionHeads.of(model).rowWidth();
    boolean keepsCheap = recomputation.keepsCheap();
    for (int i = 0; i < recomputation.streams(); i++) {
      streams.add(allocator.allocateActivations(width));
    }
    for (int i = 0; i < recomputation.keptBlocks(); i++) {
      boolean own = keepsCheap || i == 0;
      Floats norm1 = own ? allocator.allocateFactors(width) : blocks.get(0).norm1();
      Floats heads = allocator.allocateActivations(qkv);
      blocks.add(
          new Block(
              norm1,
              allocator.allocate(rows),
              model.qkNorm() ? allocator.allocateActivations(qkv) : heads,
              heads,
              allocator.allocate((long) rows * model.heads()),
              allocator.allocateFactors(width),
              allocator.allocateActivations(width),
              keepsCheap ? allocator.allocateFactors(width) : norm1,
              allocator.allocate(rows),
              allocator.allocateActivations(2 * inner),
              own ? allocator.allocateFactors(inner) : blocks.get(0).activated()));
    }
    headNorm = allocator.allocateFactors(width);
    headScale = allocator.allocate(rows);
    chunk = (int) Math.min(rows, Math.max(16, tiles.logits() / vocabulary));
    long values = (long) chunk * vocabulary;
    // The gradients of the logits overwrite the logits. They are then operands of matrix products.
    boolean training = recomputation.training();
    logits = training ? allocator.allocateFactors(values) : allocator.allocateActivations(values);
    inputs = allocator.allocateIds(rows);
    order = allocator.allocateIds(training ? rows : 0);
    labels = allocator.allocateIds(rows);
    headNormRows = chunks(headNorm, rows, model.width());
  }

  List<Floats> chunks(Floats all, int rows, int width) {
    List<Floats> chunks = new ArrayList<>();
    for (int row = 0; row < rows; row += chunk) {
      chunks.add(all.slice((long) row * width, (long) Math.min(chunk, rows - row) * width));
    }
    return chunks;
  }

  Block block(int layer) {
    return blocks.get(recomputation.activationsOf(layer));
  }

  /** Returns the rows of {@link #headNorm} in the chunk that begins at the given row. */
  Floats headNormRows(int first) {
    return headNormRows.get(first / chunk);
  }
}
