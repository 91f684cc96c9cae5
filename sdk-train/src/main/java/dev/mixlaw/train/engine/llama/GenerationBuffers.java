package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/** A lane's buffers for generating text: the key-value cache, and the activations of one round. */
final class GenerationBuffers {
  /** Maximum number of texts in progress. */
  final int slots;

  /**
   * Maximum number of tokens in a round. For each slot, at most one of these tokens is followed by
   * a sampled token.
   */
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

  /** The logits, {@code [slots, vocabulary]}. */
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

  /**
   * Returns the number of key elements that one block caches for one text. The number of value
   * elements is the same.
   */
  static long cachedKeys(ModelSpec model) {
    return (long) model.context() * model.keyValueHeads() * model.headSize();
  }
}
