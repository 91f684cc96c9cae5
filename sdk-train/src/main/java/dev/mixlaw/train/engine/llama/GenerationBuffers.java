package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
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

  /** The activations of a block. The output of both sublayers overwrites the stream. */
  final DecoderBlock.Buffers block;

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
    stream = allocator.allocateActivations(width);
    Floats norm = allocator.allocateActivations(width);
    Floats activated = allocator.allocateActivations((long) rows * model.feedForward());
    block =
        new DecoderBlock.Buffers(
            AttentionSublayer.Buffers.allocate(model, rows, norm, stream, 1, allocator),
            FeedForwardSublayer.Buffers.allocate(model, rows, norm, activated, allocator));
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
