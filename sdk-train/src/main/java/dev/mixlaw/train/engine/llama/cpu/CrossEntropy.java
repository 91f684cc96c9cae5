package dev.mixlaw.train.engine.llama.cpu;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** Computes losses and gradients for blocks of rows that fit in the cache. */
final class CrossEntropy implements AutoCloseable {
  /** Number of values in a block (128 KB). */
  private static final int BLOCK = 32 * 1024;

  /**
   * The smallest probability for which the loss is computed from the softmax. Smaller probabilities
   * may have lost precision by underflow.
   */
  private static final float TINY = 1e-30f;

  private final Softmax softmax;
  private final @Nullable Rounding rounding;
  private OffHeapFloats block = OffHeapFloats.allocate(0);

  /**
   * Creates the operation.
   *
   * @param rounding rounds gradients that are kept only in bf16; null in single precision
   */
  CrossEntropy(Softmax softmax, @Nullable Rounding rounding) {
    this.softmax = softmax;
    this.rounding = rounding;
  }

  void run(
      OffHeapFloats logits,
      int[] labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      FloatBuffer nats,
      int at) {
    int each = Math.max(1, Math.min(rows, BLOCK / vocabulary));
    block = block.atLeast((long) each * vocabulary);
    float factor = scale == 0 ? 1 : (float) scale;
    FloatBuffer values = block.buffer();
    boolean rounded = rounding != null && logits.isFactor() && scale != 0;
    for (int row = 0; row < rows; row += each) {
      int n = Math.min(each, rows - row);
      int base = row * vocabulary;
      softmax.forward(logits, base, block, n, vocabulary, factor);
      for (int i = 0; i < n; i++) {
        int label = labels[from + row + i];
        float p = values.get(i * vocabulary + label);
        // This is false if the probability is NaN, so the loss becomes NaN.
        boolean lost = p / factor < TINY;
        double loss =
            lost
                ? exact(logits.buffer(), base + i * vocabulary, label, vocabulary)
                : -Math.log((double) p / factor);
        nats.put(at + row + i, (float) loss);
        values.put(i * vocabulary + label, p - factor);
      }
      if (rounded) {
        rounding.round(block.pointer(), logits.rounded(base), n * vocabulary);
      } else if (scale != 0) {
        Pointer.memcpy(logits.handle(base), block.pointer(), (long) n * vocabulary * Float.BYTES);
      }
    }
    OffHeapFloats.written(logits);
    if (rounded) {
      logits.markOnlyRounded();
    }
  }

  /** Computes a loss in double precision from the logits. */
  private static double exact(FloatBuffer logits, int at, int label, int vocabulary) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + vocabulary; i++) {
      max = Math.max(max, logits.get(i));
    }
    double sum = 0;
    for (int i = at; i < at + vocabulary; i++) {
      sum += Math.exp(logits.get(i) - max);
    }
    return Math.log(sum) + max - logits.get(at + label);
  }

  @Override
  public void close() {
    block.close();
  }
}
