package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/** What a lane keeps of the texts it writes, and what it writes in a round. */
final class StepBuffers {
  /** Texts under way at most. */
  final int slots;

  /** Tokens of a round at most, of which as many as there are slots have a next one. */
  final int rows;

  /** By block: {@code [slots, keyValueHeads, context, headSize]}. */
  final List<Values> keys = new ArrayList<>();

  final List<Values> values = new ArrayList<>();
  final Values stream;
  final Values norm;
  final Values scale;
  final Values qkv;
  final Values attended;
  final Values gateUp;
  final Values activated;

  /** {@code [slots, vocabulary]}. */
  final Values logits;

  final Ids tokens;
  final Ids places;
  final Ids last;

  /**
   * @param slots and rows are multiples of {@link Kernels#ROW_GROUP}
   */
  StepBuffers(ModelSpec model, int vocabulary, int slots, int rows, Memory memory) {
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
    qkv = memory.allocateActivations((long) rows * Kernels.Heads.of(model).rowWidth());
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
