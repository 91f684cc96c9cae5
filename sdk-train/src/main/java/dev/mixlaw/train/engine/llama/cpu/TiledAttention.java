package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.AttentionShape;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention in tiles. A tile consists of consecutive queries of one head, and all keys up to
 * the position of the last of these queries. Only the scores of one tile are in memory, and most of
 * the masked scores are not computed. Matrix products read the heads in place from the buffer of
 * queries, keys and values. The backward pass recomputes the softmax.
 */
final class TiledAttention implements AutoCloseable {
  static final int TILE = 64;

  private final OffHeapFloats scores;
  private final OffHeapFloats gradients;
  private final Softmax softmax;
  private final float[] hidden = new float[TILE];

  TiledAttention(int length, Softmax softmax) {
    int tile = TILE * length;
    scores = OffHeapFloats.allocate(tile);
    gradients = OffHeapFloats.allocate(tile);
    this.softmax = softmax;
    Arrays.fill(hidden, Softmax.HIDDEN);
  }

  static long bytes(int length) {
    return 2L * TILE * length * Float.BYTES;
  }

  void forward(OffHeapFloats qkv, OffHeapFloats out, AttentionShape shape) {
    run(qkv, null, out, shape);
  }

  void backward(OffHeapFloats dOut, OffHeapFloats qkv, OffHeapFloats dQkv, AttentionShape shape) {
    run(qkv, dOut, dQkv, shape);
  }

  /** Computes the output or, with {@code dOut}, the gradient with respect to {@code qkv}. */
  private void run(
      OffHeapFloats qkv, @Nullable OffHeapFloats dOut, OffHeapFloats to, AttentionShape shape) {
    AttentionHeads heads = shape.heads();
    int length = shape.length();
    int width = heads.rowWidth();
    int size = heads.size();
    int outWidth = heads.query() * size;
    float scale = (float) (1 / Math.sqrt(size));
    // The last tile attends to all keys and therefore initializes the gradients of all keys.
    // Earlier tiles add to these gradients.
    int last = (length - 1) / TILE * TILE;
    for (int s = 0; s < shape.sequences(); s++) {
      long row = (long) s * length;
      for (int h = 0; h < heads.query(); h++) {
        int shared = h / heads.group();
        long key = row * width + (heads.query() + shared) * (long) size;
        long value = key + (long) heads.keyValue() * size;
        for (int first = last; first >= 0; first -= TILE) {
          int n = Math.min(TILE, length - first);
          int seen = first + n;
          long query = (row + first) * width + h * (long) size;
          long result = (row + first) * outWidth + h * (long) size;
          var q = qkv.matrix(0, query, width);
          var k = qkv.matrix(1, key, width).transpose();
          Fp32Products.multiply(n, seen, size, scale, q, k, scores.matrix(seen), false);
          softmax(first, n, seen);
          var v = qkv.matrix(2, value, width);
          if (dOut == null) {
            var out = to.matrix(0, result, outWidth);
            Fp32Products.multiply(n, size, seen, 1, scores.matrix(seen), v, out, false);
            continue;
          }
          boolean more = first < last || h % heads.group() > 0;
          var d = dOut.matrix(0, result, outWidth);
          v = v.transpose();
          Fp32Products.multiply(n, seen, size, 1, d, v, gradients.matrix(seen), false);
          softmax.backward(scores, gradients, n, seen);
          var weights = scores.matrix(seen).transpose();
          Fp32Products.multiply(seen, size, n, 1, weights, d, to.matrix(2, value, width), more);
          var dScores = gradients.matrix(seen);
          var dq = to.matrix(0, query, width);
          k = qkv.matrix(1, key, width);
          Fp32Products.multiply(n, size, seen, scale, dScores, k, dq, false);
          var dk = to.matrix(1, key, width);
          Fp32Products.multiply(seen, size, n, scale, dScores.transpose(), q, dk, more);
        }
      }
    }
  }

  private void softmax(int first, int n, int seen) {
    for (int i = 0; i < n - 1; i++) {
      scores.buffer().put(i * seen + first + i + 1, hidden, 0, n - 1 - i);
    }
    softmax.forward(scores, 0, scores, n, seen, 1);
  }

  @Override
  public void close() {
    scores.close();
    gradients.close();
  }
}
