package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/** A lane's buffers for writing text: the key-value cache, and the activations of one round. */
final class GenerationBuffers {
  /** Largest number of texts in progress. */
  final int slots;

  /** Largest number of tokens in a round; at most one of each slot gets a next token. */
  final int rows;

  /** The cached keys of each block: {@code [slots, keyValueHeads, context, headSize]}. */
  final List<Floats> keys = new ArrayList<>();

  /** The cached values of each block. */
  final List<Floats> values = new ArrayList<>();

  final Floats stream;
  final Floats norm;
  final Floats scale;
  final Floats qkv;
  final Floats attended;
  final Floats gateUp;
  final Floats activated;

  /** {@code [slots, vocabulary]}. */
  final Floats logits;

  final Ints tokens;
  final Ints places;
  final Ints last;

  /**
   * Allocates the buffers.
   *
   * @param slots a multiple of {@link DeviceKernels#ROW_GROUP}
   * @param rows a multiple of {@link DeviceKernels#ROW_GROUP}
   */
  GenerationBuffers(ModelSpec model, int vocabulary, int slots, int rows, Allocator allocator) {
    this.slots = slots;
    this.rows = rows;
    long cache = cachedKeys(model) * slots;
    for (int i = 0; i < model.layers(); i++) {
      keys.add(allocator.allocateActivations(cache));
      values.add(allocator.allocateActivations(cache));
    }
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    stream = allocator.allocateActivations(width);
    norm = allocator.allocateActivations(width);
    scale = allocator.allocate(rows);
    qkv = allocator.allocateActivations((long) rows * AttentionHeads.of(model).rowWidth());
    attended = allocator.allocateActivations(width);
    gateUp = allocator.allocateActivations(2 * inner);
    activated = allocator.allocateActivations(inner);
    logits = allocator.allocate((long) slots * vocabulary);
    tokens = allocator.allocateIds(rows);
    places = allocator.allocateIds(rows);
    last = allocator.allocateIds(slots);
  }

  /** Returns how many key values one block caches for one text; as many follow for its values. */
  static long cachedKeys(ModelSpec model) {
    return (long) model.context() * model.keyValueHeads() * model.headSize();
  }
}
