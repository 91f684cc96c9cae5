package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.vector.VectorMath;
import java.nio.FloatBuffer;

/** Computes losses and gradients for blocks of rows that fit in the cache. */
final class CrossEntropy {
  /** Number of values in a block (128 KB). */
  private static final int BLOCK = 32 * 1024;

  /**
   * The smallest probability for which the loss is computed from the softmax. Smaller probabilities
   * may have lost precision by underflow.
   */
  private static final float TINY = 1e-30f;

  private final Softmax softmax;
  private float[] kept = new float[BLOCK];

  CrossEntropy(Softmax softmax) {
    this.softmax = softmax;
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
    int block = Math.max(1, Math.min(rows, BLOCK / vocabulary));
    if (block * vocabulary > kept.length) {
      kept = new float[block * vocabulary];
    }
    float factor = scale == 0 ? 1 : (float) scale;
    FloatBuffer values = logits.buffer();
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      int base = row * vocabulary;
      values.get(base, kept, 0, n * vocabulary);
      softmax.forward(logits, base, n, vocabulary, factor);
      for (int i = 0; i < n; i++) {
        int label = i * vocabulary + labels[from + row + i];
        float p = values.get(base + label);
        // This is false if the probability is NaN, so the loss becomes NaN.
        boolean lost = p / factor < TINY;
        double loss =
            lost ? exact(i * vocabulary, label, vocabulary) : -Math.log((double) p / factor);
        nats.put(at + row + i, (float) loss);
        values.put(base + label, p - factor);
      }
    }
  }

  /** Computes a loss in double precision from a copy of the logits. */
  private double exact(int at, int label, int vocabulary) {
    double max = VectorMath.max(kept, at, vocabulary);
    double sum = 0;
    for (int i = at; i < at + vocabulary; i++) {
      sum += Math.exp(kept[i] - max);
    }
    return Math.log(sum) + max - kept[label];
  }
}
