package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model takes to be used: its weights once, and for each lane what a forward pass writes.
 */
final class ModelMemory {
  final WeightLayout layout;
  final DeviceFloats weights;
  final List<Activations> activations = new ArrayList<>();

  /** Losses of each lane's tokens. */
  final List<DeviceFloats> nats = new ArrayList<>();

  /** Most sequences a lane takes at a time. */
  final int part;

  ModelMemory(SessionSpec spec, int lanes, Recomputation kept, TileSizes grain, Allocator memory) {
    layout = WeightLayout.of(spec.model(), spec.vocabulary());
    weights = memory.allocateWeights(layout.size());
    int context = spec.model().context();
    int share = (spec.batchSequences() + lanes - 1) / lanes;
    part = Math.max(1, Math.min(share, grain.partRows() / context));
    for (int i = 0; i < lanes; i++) {
      activations.add(
          new Activations(spec.model(), spec.vocabulary(), part * context, kept, grain, memory));
      nats.add(memory.allocate((long) share * context));
    }
  }
}
