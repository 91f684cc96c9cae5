package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/** What a lane writes in a forward pass: made once, for some rows at a time. */
final class Activations {
  final Recomputation kept;

  /** Inputs of the blocks that are kept, and the last one's output. */
  final List<DeviceFloats> streams = new ArrayList<>();

  private final List<Block> blocks = new ArrayList<>();
  final DeviceFloats headNorm;
  final DeviceFloats headScale;
  final DeviceFloats logits;

  /** Rows of logits at once. */
  final int chunk;

  private final List<DeviceFloats> headNormRows = new ArrayList<>();
  final DeviceInts inputs;

  /** Rows sorted by their input. */
  final DeviceInts order;

  final DeviceInts labels;

  /** What a block writes; {@link Recomputation} says what of it is there on the way back. */
  record Block(
      DeviceFloats norm1,
      DeviceFloats scale1,
      DeviceFloats qkv,
      DeviceFloats logSums,
      DeviceFloats attended,
      DeviceFloats middle,
      DeviceFloats norm2,
      DeviceFloats scale2,
      DeviceFloats gateUp,
      DeviceFloats activated) {}

  /**
   * @param rows most tokens at a time
   */
  Activations(
      ModelSpec model,
      int vocabulary,
      int rows,
      Recomputation kept,
      TileSizes grain,
      Allocator memory) {
    this.kept = kept;
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    long qkv = (long) rows * AttentionHeads.of(model).rowWidth();
    for (int i = 0; i < kept.streams(); i++) {
      streams.add(memory.allocateActivations(width));
    }
    for (int i = 0; i < kept.blocks(); i++) {
      boolean own = kept.cheap() || i == 0;
      DeviceFloats norm1 = own ? memory.allocateFactors(width) : blocks.get(0).norm1();
      blocks.add(
          new Block(
              norm1,
              memory.allocate(rows),
              memory.allocateActivations(qkv),
              memory.allocate((long) rows * model.heads()),
              memory.allocateFactors(width),
              memory.allocateActivations(width),
              kept.cheap() ? memory.allocateFactors(width) : norm1,
              memory.allocate(rows),
              memory.allocateActivations(2 * inner),
              own ? memory.allocateFactors(inner) : blocks.get(0).activated()));
    }
    headNorm = memory.allocateFactors(width);
    headScale = memory.allocate(rows);
    chunk = (int) Math.min(rows, Math.max(16, grain.logits() / vocabulary));
    long values = (long) chunk * vocabulary;
    // Their gradients are in their place.
    logits = kept.wayBack() ? memory.allocateFactors(values) : memory.allocateActivations(values);
    inputs = memory.allocateIds(rows);
    order = memory.allocateIds(kept.wayBack() ? rows : 0);
    labels = memory.allocateIds(rows);
    for (int row = 0; row < rows; row += chunk) {
      long offset = (long) row * model.width();
      long length = (long) Math.min(chunk, rows - row) * model.width();
      headNormRows.add(headNorm.slice(offset, length));
    }
  }

  /** A layer's. */
  Block block(int layer) {
    return blocks.get(kept.place(layer));
  }

  /** A chunk of {@link #headNorm}, its first row a multiple of {@link #chunk}. */
  DeviceFloats headNormRows(int first) {
    return headNormRows.get(first / chunk);
  }
}
