package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/** What a lane writes in a backward pass; all blocks use the same. */
final class ActivationGradients {
  final Values stream;
  final Values norm;
  final Values qkv;
  final Values gateUp;
  final Values activated;

  /** Of {@link #norm}, chunk by chunk as {@link Activations#headNormRows}. */
  private final List<Values> normRows = new ArrayList<>();

  private final int chunk;

  /**
   * @param rows most tokens at a time
   * @param chunk rows of logits at once
   */
  ActivationGradients(ModelSpec model, int rows, int chunk, Memory memory) {
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    stream = memory.allocateActivations(width);
    norm = memory.allocateActivations(width);
    qkv = memory.allocateActivations((long) rows * Kernels.Heads.of(model).rowWidth());
    gateUp = memory.allocateActivations(2 * inner);
    activated = memory.allocateActivations(inner);
    this.chunk = chunk;
    for (int row = 0; row < rows; row += chunk) {
      long offset = (long) row * model.width();
      normRows.add(norm.slice(offset, (long) Math.min(chunk, rows - row) * model.width()));
    }
  }

  /** A chunk of {@link #norm}, its first row a multiple of the chunk. */
  Values normRows(int first) {
    return normRows.get(first / chunk);
  }
}
