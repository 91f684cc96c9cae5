package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/** The memory for a forward pass: one copy of the weights, and activations for each lane. */
final class ModelMemory {
  final WeightLayout layout;
  final Floats weights;
  final List<Activations> activations = new ArrayList<>();

  /** The losses that each lane computes, in nats. */
  final List<Floats> nats = new ArrayList<>();

  /** The maximum number of sequences that a lane processes at the same time. */
  final int microBatch;

  ModelMemory(
      SessionSpec spec,
      int lanes,
      Recomputation recomputation,
      TileSizes tiles,
      Allocator allocator) {
    layout = WeightLayout.of(spec.model(), spec.vocabulary());
    weights = allocator.allocateWeights(layout.size());
    int context = spec.model().context();
    int share = (spec.batchSequences() + lanes - 1) / lanes;
    microBatch = Math.max(1, Math.min(share, tiles.microBatchRows() / context));
    int rows = microBatch * context;
    for (int i = 0; i < lanes; i++) {
      activations.add(
          new Activations(spec.model(), spec.vocabulary(), rows, recomputation, tiles, allocator));
      nats.add(allocator.allocate((long) share * context));
    }
  }
}
