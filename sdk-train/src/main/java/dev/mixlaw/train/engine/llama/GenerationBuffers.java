package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/** The key-value cache of one lane, and the activations with which it generates text. */
final class GenerationBuffers {
  /** Maximum number of texts that the lane generates concurrently. */
  final int slots;

  /** Maximum number of tokens that the lane processes in a round. */
  final int rows;

  /** The cached keys of each block, of shape {@code [slots, keyValueHeads, context, headSize]}. */
  final List<Floats> keys = new ArrayList<>();

  final List<Floats> values = new ArrayList<>();

  final Floats stream;
  final Floats norm;
  final Floats scale;
  final Floats qkv;
  final Floats attended;
  final Floats gateUp;
  final Floats activated;

  /** The logits, of shape {@code [slots, vocabulary]}. */
  final Floats logits;

  final Ints tokens;
  final Ints places;
  final Ints last;

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

  /** Returns the number of values in the keys that a block caches for one text. */
  static long cachedKeys(ModelSpec model) {
    return (long) model.context() * model.keyValueHeads() * model.headSize();
  }
}
