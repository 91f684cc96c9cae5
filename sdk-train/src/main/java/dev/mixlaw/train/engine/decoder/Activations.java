package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/** What a lane writes in a forward pass: made once, for some rows at a time. */
final class Activations {
  /** Inputs of the blocks that are kept, and the last one's output. */
  final List<Values> streams = new ArrayList<>();

  final List<Block> blocks = new ArrayList<>();
  final Values headNorm;
  final Values headScale;
  final Values logits;

  /** Rows of logits at once. */
  final int chunk;

  private final List<Values> headNormRows = new ArrayList<>();
  final Ids inputs;
  final Ids labels;

  /** What a block keeps from its forward pass for its backward pass. */
  record Block(
      Values norm1,
      Values scale1,
      Values qkv,
      Values logSums,
      Values attended,
      Values middle,
      Values norm2,
      Values scale2,
      Values gateUp,
      Values activated) {}

  /**
   * @param rows most tokens at a time
   * @param kept blocks whose activations are there at once: all for a backward pass, else one
   */
  Activations(ModelSpec model, int vocabulary, int rows, int kept, Grain grain, Memory memory) {
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    long qkv = (long) rows * Kernels.Heads.of(model).rowWidth();
    for (int i = 0; i <= kept; i++) {
      streams.add(memory.allocateActivations(width));
    }
    for (int i = 0; i < kept; i++) {
      blocks.add(
          new Block(
              memory.allocateActivations(width),
              memory.allocate(rows),
              memory.allocateActivations(qkv),
              memory.allocate((long) rows * model.heads()),
              memory.allocateActivations(width),
              memory.allocateActivations(width),
              memory.allocateActivations(width),
              memory.allocate(rows),
              memory.allocateActivations(2 * inner),
              memory.allocateActivations(inner)));
    }
    headNorm = memory.allocateActivations(width);
    headScale = memory.allocate(rows);
    chunk = (int) Math.min(rows, Math.max(16, grain.logits() / vocabulary));
    logits = memory.allocateActivations((long) chunk * vocabulary);
    inputs = memory.allocateIds(rows);
    labels = memory.allocateIds(rows);
    for (int row = 0; row < rows; row += chunk) {
      long offset = (long) row * model.width();
      long length = (long) Math.min(chunk, rows - row) * model.width();
      headNormRows.add(headNorm.slice(offset, length));
    }
  }

  /** A chunk of {@link #headNorm}, its first row a multiple of {@link #chunk}. */
  Values headNormRows(int first) {
    return headNormRows.get(first / chunk);
  }
}
