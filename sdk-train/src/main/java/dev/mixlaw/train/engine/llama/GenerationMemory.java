package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/** All memory that text generation needs in addition to the weights. */
final class GenerationMemory {
  /**
   * Number of concurrent texts. With fewer texts, the time for reading weights limits matrix
   * products; with more texts, each text takes longer.
   */
  private static final int TEXTS = 64;

  /**
   * Maximum size of the key-value cache in bytes, unless one group of texts per lane needs more.
   */
  private static final long CACHE_BYTES = 512L << 20;

  /**
   * Number of tokens that a lane processes in a round; prompts are processed in parts of this size.
   */
  private static final int ROWS = 64;

  final PackedParameters packed;

  /** The buffers of each lane. */
  final List<GenerationBuffers> buffers = new ArrayList<>();

  GenerationMemory(
      ModelSpec model, int vocabulary, Parameters weights, int lanes, Allocator allocator) {
    packed = new PackedParameters(model, vocabulary, weights, allocator);
    int slots = slots(model, lanes);
    for (int i = 0; i < lanes; i++) {
      buffers.add(
          new GenerationBuffers(model, vocabulary, slots, Math.max(slots, ROWS), allocator));
    }
  }

  /** Returns the number of texts that a lane generates concurrently. */
  private static int slots(ModelSpec model, int lanes) {
    long bytesPerText = 2 * GenerationBuffers.cachedKeys(model) * model.layers() * Float.BYTES;
    long texts = Math.min(TEXTS, CACHE_BYTES / bytesPerText);
    int group = DeviceKernels.ROW_GROUP;
    return (int) Math.max(1, (texts + (long) lanes * group - 1) / (lanes * group)) * group;
  }

  /**
   * Returns the number of bytes needed, including logits and the sampler's buffers on Java's heap.
   */
  static long bytes(ModelSpec model, int vocabulary, TileSizes tiles, int lanes) {
    WeightLayout layout = WeightLayout.of(model, vocabulary);
    Floats weights = new Allocator.Counter(tiles).allocateWeights(layout.size());
    Allocator.Counter counter = new Allocator.Counter(tiles);
    new GenerationMemory(model, vocabulary, Parameters.of(weights, layout), lanes, counter);
    long logits = (long) slots(model, lanes) * vocabulary * Float.BYTES;
    return counter.bytes() + lanes * (logits + TokenSampler.bytes(vocabulary));
  }
}
