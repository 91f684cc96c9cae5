package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/** All that writing texts takes beside the weights. */
final class GenerationMemory {
  /** Texts at once: products of fewer rows wait for weights, more wait for themselves. */
  private static final int TEXTS = 64;

  /** Keys and values at most, unless a lane's least takes more. */
  private static final long STORE_BYTES = 512L << 20;

  /** Tokens of a round of a lane: so many of prompts are read at a time. */
  private static final int ROWS = 64;

  final PackedParameters packed;

  /** Of each lane. */
  final List<GenerationBuffers> buffers = new ArrayList<>();

  GenerationMemory(
      ModelSpec model, int vocabulary, Parameters weights, int lanes, Allocator memory) {
    packed = new PackedParameters(model, vocabulary, weights, memory);
    int slots = slots(model, lanes);
    for (int i = 0; i < lanes; i++) {
      buffers.add(new GenerationBuffers(model, vocabulary, slots, Math.max(slots, ROWS), memory));
    }
  }

  /** Of a lane. */
  private static int slots(ModelSpec model, int lanes) {
    long each = 2 * GenerationBuffers.storedValues(model) * model.layers() * Float.BYTES;
    long texts = Math.min(TEXTS, STORE_BYTES / each);
    int group = DeviceKernels.ROW_GROUP;
    return (int) Math.max(1, (texts + (long) lanes * group - 1) / (lanes * group)) * group;
  }

  /** What it takes, on Java's heap too: logits, and what choosing of them needs. */
  static long bytes(ModelSpec model, int vocabulary, TileSizes grain, int lanes) {
    WeightLayout layout = WeightLayout.of(model, vocabulary);
    DeviceFloats weights = new Allocator.Counter(grain).allocateWeights(layout.size());
    Allocator.Counter counter = new Allocator.Counter(grain);
    new GenerationMemory(model, vocabulary, Parameters.of(weights, layout), lanes, counter);
    long logits = (long) slots(model, lanes) * vocabulary * Float.BYTES;
    return counter.bytes() + lanes * (logits + TokenSampler.bytes(vocabulary));
  }
}
