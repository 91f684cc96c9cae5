package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/** What a lane writes in a backward pass; all blocks use the same. */
final class ActivationGradients {
  final DeviceFloats stream;
  final DeviceFloats qkv;
  final DeviceFloats gateUp;

  /** In its place the norm itself is made again, if it is not kept. */
  final DeviceFloats norm;

  /** Likewise the gated unit. */
  final DeviceFloats activated;

  /** Of {@link #norm}, chunk by chunk as {@link Activations#headNormRows}. */
  private final List<DeviceFloats> normRows = new ArrayList<>();

  private final int chunk;

  /**
   * @param rows most tokens at a time
   * @param of what these are gradients of
   */
  ActivationGradients(ModelSpec model, int rows, Activations of, Allocator memory) {
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    stream = memory.allocateFactors(width);
    qkv = memory.allocateFactors((long) rows * AttentionHeads.of(model).rowWidth());
    gateUp = memory.allocateFactors(2 * inner);
    if (of.kept.cheap()) {
      norm = memory.allocateActivations(width);
      activated = memory.allocateActivations(inner);
    } else {
      norm = memory.allocateFactors(width);
      activated = memory.allocateFactors(inner);
    }
    chunk = of.chunk;
    for (int row = 0; row < rows; row += chunk) {
      long offset = (long) row * model.width();
      normRows.add(norm.slice(offset, (long) Math.min(chunk, rows - row) * model.width()));
    }
  }

  /** A chunk of {@link #norm}, its first row a multiple of the chunk. */
  DeviceFloats normRows(int first) {
    return normRows.get(first / chunk);
  }
}
