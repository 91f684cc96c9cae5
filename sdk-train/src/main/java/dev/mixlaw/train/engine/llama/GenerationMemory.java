package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/** The memory that text generation needs in addition to the weights. */
final class GenerationMemory {
  /**
   * Number of texts that are generated concurrently. With fewer texts, the speed of matrix products
   * is limited by the time to read the weights. With more texts, each text takes longer.
   */
  private static final int TEXTS = 64;

  /** Maximum size of the key-value cache in bytes, unless the minimum per lane needs more. */
  private static final long CACHE_BYTES = 512L << 20;

  private static final int ROWS = 64;

  final Parameters packed;

  final List<GenerationBuffers> buffers = new ArrayList<>();

  GenerationMemory(
      ModelSpec model,
      int vocabulary,
      Floats weights,
      WeightLayout layout,
      int lanes,
      Allocator allocator) {
    packed = Parameters.of(weights, model, layout, allocator);
    int slots = slots(model, lanes);
    for (int i = 0; i < lanes; i++) {
      buffers.add(
          new GenerationBuffers(model, vocabulary, slots, Math.max(slots, ROWS), allocator));
    }
  }

  private static int slots(ModelSpec model, int lanes) {
    long bytesPerText = 2 * GenerationBuffers.cachedKeys(model) * model.layers() * Float.BYTES;
    long texts = Math.min(TEXTS, CACHE_BYTES / bytesPerText);
    int group = DeviceKernels.ROW_GROUP;
    return (int) Math.max(1, (texts + (long) lanes * group - 1) / (lanes * group)) * group;
  }

  /** Returns the number of bytes needed, including those on the Java heap. */
  static long bytes(ModelSpec model, int vocabulary, TileSizes tiles, int lanes) {
    WeightLayout layout = WeightLayout.of(model, vocabulary);
    Floats weights = new Allocator.Counter(tiles).allocateWeights(layout.size());
    Allocator.Counter counter = new Allocator.Counter(tiles);
    new GenerationMemory(model, vocabulary, weights, layout, lanes, counter);
    long logits = (long) slots(model, lanes) * vocabulary * Float.BYTES;
    return counter.bytes() + lanes * (logits + TokenSampler.bytes(vocabulary));
  }
}
