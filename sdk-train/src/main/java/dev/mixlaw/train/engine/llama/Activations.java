package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
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

  private final List<DecoderBlock.Buffers> blocks = new ArrayList<>();
  final Floats headNorm;
  final Floats headScale;
  final Floats logits;

  /** Number of rows whose logits are computed in one kernel call. */
  final int chunk;

  /** The rows of {@link #headNorm} in each chunk. */
  final List<Floats> headNormRows;

  final Ints inputs;

  /** The indices of the rows, sorted by the input token of each row. */
  final Ints order;

  final Ints labels;

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
    boolean keepsCheap = recomputation.keepsCheap();
    boolean training = recomputation.training();
    int softmaxLength = training && keepsCheap ? tiles.softmaxLength() : 1;
    for (int i = 0; i < recomputation.streams(); i++) {
      streams.add(allocator.allocateActivations(width));
    }
    for (int i = 0; i < recomputation.keptBlocks(); i++) {
      boolean own = keepsCheap || i == 0;
      Floats norm1 = own ? allocator.allocateFactors(width) : blocks.get(0).attention().norm();
      Floats norm2 = keepsCheap ? allocator.allocateFactors(width) : norm1;
      Floats activated =
          own ? allocator.allocateFactors(inner) : blocks.get(0).feedForward().activated();
      Floats middle = allocator.allocateActivations(width);
      blocks.add(
          new DecoderBlock.Buffers(
              AttentionSublayer.Buffers.allocate(
                  model, rows, norm1, middle, softmaxLength, allocator),
              FeedForwardSublayer.Buffers.allocate(model, rows, norm2, activated, allocator)));
    }
    headNorm = allocator.allocateFactors(width);
    headScale = allocator.allocate(rows);
    chunk = (int) Math.min(rows, Math.max(16, tiles.logits() / vocabulary));
    long values = (long) chunk * vocabulary;
    // The gradients of the logits overwrite the logits. They are then operands of matrix products.
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

  /** Returns the buffers of a layer. {@link Recomputation} defines which layers share them. */
  DecoderBlock.Buffers block(int layer) {
    return blocks.get(recomputation.activationsOf(layer));
  }
}
