package dev.mixlaw.train.engine.decoder.cpu;

import dev.mixlaw.train.engine.decoder.Kernels.Heads;
import dev.mixlaw.train.engine.loops.Loops;
import java.util.Arrays;

/**
 * Causal attention by tiles: some queries of a head against the keys up to the last of them, so
 * that scores never take more than a tile and the half that nobody sees is not computed. Products
 * work on the heads where they lie in the fused buffer; the backward pass makes the softmax again
 * from its logarithmic sums.
 */
final class CpuAttention implements AutoCloseable {
  /** Queries of a tile. */
  static final int TILE = 64;

  private final OffHeap scores;
  private final OffHeap gradients;
  private final float[] a;
  private final float[] b;
  private final float[] sums = new float[TILE];

  /**
   * @param length most tokens of a sequence
   */
  CpuAttention(int length) {
    int tile = TILE * length;
    scores = OffHeap.allocate(tile);
    gradients = OffHeap.allocate(tile);
    a = new float[tile];
    b = new float[tile];
  }

  static long bytes(int length) {
    return 4L * TILE * length * Float.BYTES;
  }

  void forward(OffHeap qkv, OffHeap logSums, OffHeap out, Heads heads, int sequences, int length) {
    int width = heads.rowWidth();
    int size = heads.size();
    int outWidth = heads.query() * size;
    float scale = (float) (1 / Math.sqrt(size));
    for (int s = 0; s < sequences; s++) {
      long row = (long) s * length;
      for (int h = 0; h < heads.query(); h++) {
        int shared = h / heads.group();
        long key = row * width + (heads.query() + shared) * (long) size;
        long value = key + (long) heads.keyValue() * size;
        int sumsAt = (s * heads.query() + h) * length;
        for (int first = 0; first < length; first += TILE) {
          int n = Math.min(TILE, length - first);
          int seen = first + n;
          SinglePrecision.scaled(
              false,
              true,
              n,
              seen,
              size,
              scale,
              qkv.at(0, (row + first) * width + h * (long) size),
              width,
              qkv.at(1, key),
              width,
              false,
              scores.pointer(),
              seen);
          softmax(first, n, seen);
          logSums.buffer().put(sumsAt + first, sums, 0, n);
          SinglePrecision.scaled(
              false,
              false,
              n,
              size,
              seen,
              1,
              scores.pointer(),
              seen,
              qkv.at(2, value),
              width,
              false,
              out.at(0, (row + first) * outWidth + h * (long) size),
              outWidth);
        }
      }
    }
  }

  /** Scores to weights in place, and the logarithms of their denominators. */
  private void softmax(int first, int n, int seen) {
    scores.buffer().get(0, a, 0, n * seen);
    // One long loop is several times as fast as many short ones, unseen positions counted.
    Loops.exp(a, 0, n * seen);
    for (int i = 0; i < n; i++) {
      int at = i * seen;
      int own = first + i + 1;
      double shift = 0;
      double sum = Loops.sum(a, at, own);
      if (Loops.lossy(sum)) {
        scores.buffer().get(at, a, at, own);
        shift = Loops.max(a, at, own);
        Loops.add(a, at, (float) -shift, own);
        Loops.exp(a, at, own);
        sum = Loops.sum(a, at, own);
      }
      Loops.scale(a, at, (float) (1 / sum), own);
      Arrays.fill(a, at + own, at + seen, 0);
      sums[i] = (float) (Math.log(sum) + shift);
    }
    scores.buffer().put(0, a, 0, n * seen);
  }

  void backward(
      OffHeap dOut,
      OffHeap qkv,
      OffHeap logSums,
      OffHeap dQkv,
      Heads heads,
      int sequences,
      int length) {
    int width = heads.rowWidth();
    int size = heads.size();
    int outWidth = heads.query() * size;
    float scale = (float) (1 / Math.sqrt(size));
    // From the last tile, which sees all keys and so writes all their gradients, to the first.
    int last = (length - 1) / TILE * TILE;
    for (int s = 0; s < sequences; s++) {
      long row = (long) s * length;
      for (int h = 0; h < heads.query(); h++) {
        int shared = h / heads.group();
        long key = row * width + (heads.query() + shared) * (long) size;
        long value = key + (long) heads.keyValue() * size;
        int sumsAt = (s * heads.query() + h) * length;
        for (int first = last; first >= 0; first -= TILE) {
          int n = Math.min(TILE, length - first);
          int seen = first + n;
          boolean more = first < last || h % heads.group() > 0;
          long query = (row + first) * width + h * (long) size;
          long result = (row + first) * outWidth + h * (long) size;
          SinglePrecision.scaled(
              false,
              true,
              n,
              seen,
              size,
              scale,
              qkv.at(0, query),
              width,
              qkv.at(1, key),
              width,
              false,
              scores.pointer(),
              seen);
          SinglePrecision.scaled(
              false,
              true,
              n,
              seen,
              size,
              1,
              dOut.at(0, result),
              outWidth,
              qkv.at(2, value),
              width,
              false,
              gradients.pointer(),
              seen);
          logSums.buffer().get(sumsAt + first, sums, 0, n);
          softmaxBackward(first, n, seen);
          SinglePrecision.scaled(
              true,
              false,
              seen,
              size,
              n,
              1,
              scores.pointer(),
              seen,
              dOut.at(0, result),
              outWidth,
              more,
              dQkv.at(2, value),
              width);
          SinglePrecision.scaled(
              false,
              false,
              n,
              size,
              seen,
              scale,
              gradients.pointer(),
              seen,
              qkv.at(1, key),
              width,
              false,
              dQkv.at(0, query),
              width);
          SinglePrecision.scaled(
              true,
              false,
              seen,
              size,
              n,
              scale,
              gradients.pointer(),
              seen,
              qkv.at(0, query),
              width,
              more,
              dQkv.at(1, key),
              width);
        }
      }
    }
  }

  /** Scores to weights and the weights' gradients to the scores', in place. */
  private void softmaxBackward(int first, int n, int seen) {
    scores.buffer().get(0, a, 0, n * seen);
    gradients.buffer().get(0, b, 0, n * seen);
    for (int i = 0; i < n; i++) {
      Loops.add(a, i * seen, -sums[i], seen);
    }
    Loops.exp(a, 0, n * seen);
    for (int i = 0; i < n; i++) {
      int at = i * seen;
      int own = first + i + 1;
      Arrays.fill(a, at + own, at + seen, 0);
      float dot = Loops.dot(a, at, b, at, own);
      Loops.softmaxBackward(b, at, a, at, dot, seen);
    }
    scores.buffer().put(0, a, 0, n * seen);
    gradients.buffer().put(0, b, 0, n * seen);
  }

  @Override
  public void close() {
    scores.close();
    gradients.close();
  }
}
