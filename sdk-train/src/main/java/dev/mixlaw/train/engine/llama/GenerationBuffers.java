package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/** What a lane keeps of the texts it writes, and what it writes in a round. */
final class GenerationBuffers {
  /** Texts under way at most. */
  final int slots;

  /** Tokens of a round at most, of which as many as there are slots have a next one. */
  final int rows;

  /** By block: {@code [slots, keyValueHeads, context, headSize]}. */
  final List<DeviceFloats> keys = new ArrayList<>();

  final List<DeviceFloats> values = new ArrayList<>();
  final DeviceFloats stream;
  final DeviceFloats norm;
  final DeviceFloats scale;
  final DeviceFloats qkv;
  final DeviceFloats attended;
  final DeviceFloats gateUp;
  final DeviceFloats activated;

  /** {@code [slots, vocabulary]}. */
  final DeviceFloats logits;

  final DeviceInts tokens;
  final DeviceInts places;
  final DeviceInts last;

  /**
   * @param slots and rows are multiples of {@link DeviceKernels#ROW_GROUP}
   */
  GenerationBuffers(ModelSpec model, int vocabulary, int slots, int rows, Allocator memory) {
    this.slots = slots;
    this.rows = rows;
    long store = storedValues(model) * slots;
    for (int i = 0; i < model.layers(); i++) {
      keys.add(memory.allocateActivations(store));
      values.add(memory.allocateActivations(store));
    }
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    stream = memory.allocateActivations(width);
    norm = memory.allocateActivations(width);
    scale = memory.allocate(rows);
    qkv = memory.allocateActivations((long) rows * AttentionHeads.of(model).rowWidth());
    attended = memory.allocateActivations(width);
    gateUp = memory.allocateActivations(2 * inner);
    activated = memory.allocateActivations(inner);
    logits = memory.allocate((long) slots * vocabulary);
    tokens = memory.allocateIds(rows);
    places = memory.allocateIds(rows);
    last = memory.allocateIds(slots);
  }

  /** Keys of a text in a block. */
  static long storedValues(ModelSpec model) {
    return (long) model.context() * model.keyValueHeads() * model.headSize();
  }
}
