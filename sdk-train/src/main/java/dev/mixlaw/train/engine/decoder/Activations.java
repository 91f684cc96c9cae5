package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/** What a lane writes while it computes: made once, for some rows at a time. */
final class Activations {
  /** Inputs of the blocks, and the last one's output. */
  final List<Values> streams = new ArrayList<>();

  final List<Block> blocks = new ArrayList<>();
  final Values headNorm;
  final Values headScale;
  final Values logits;

  /** Rows of logits at once. */
  final int chunk;

  private final List<Values> headNormRows = new ArrayList<>();
  private final List<Values> dNormRows = new ArrayList<>();
  final Values dStream;
  final Values dNorm;
  final Values dQkv;
  final Values dGateUp;
  final Values dActivated;
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
   */
  Activations(ModelSpec model, int vocabulary, int rows, Grain grain, Memory memory) {
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    long qkv = (long) rows * Kernels.Heads.of(model).rowWidth();
    for (int i = 0; i <= model.layers(); i++) {
      streams.add(memory.allocateActivations(width));
    }
    for (int i = 0; i < model.layers(); i++) {
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
    dStream = memory.allocateActivations(width);
    dNorm = memory.allocateActivations(width);
    dQkv = memory.allocateActivations(qkv);
    dGateUp = memory.allocateActivations(2 * inner);
    dActivated = memory.allocateActivations(inner);
    inputs = memory.allocateIds(rows);
    labels = memory.allocateIds(rows);
    for (int row = 0; row < rows; row += chunk) {
      long offset = (long) row * model.width();
      long length = (long) Math.min(chunk, rows - row) * model.width();
      headNormRows.add(headNorm.slice(offset, length));
      dNormRows.add(dNorm.slice(offset, length));
    }
  }

  /** A chunk of {@link #headNorm}, its first row a multiple of {@link #chunk}. */
  Values headNormRows(int first) {
    return headNormRows.get(first / chunk);
  }

  /** A chunk of {@link #dNorm}. */
  Values dNormRows(int first) {
    return dNormRows.get(first / chunk);
  }
}
