package dev.mixlaw.train.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;

/**
 * Kernels for nd4j-native in single precision: matrix products by the OpenBLAS that ND4J brings,
 * called directly on ND4J's memory, and everything bound by memory or by {@code exp} in Java loops
 * over {@code float[]} blocks that fit the cache.
 *
 * <p>Why not ND4J's operations throughout: measured on the shapes of a small decoder
 * (BENCHMARKS.md) its softmax takes 7 times as long as this one, its sigmoid 8, and its products on
 * row-major results twice. C2 turns the loops here into AVX; it does not do so for loops over
 * off-heap memory, hence the copies, which cost 0.1 ns a value.
 *
 * <p>Sums run in one fixed order: the same input gives the same bits.
 */
final class CpuKernels implements Kernels {
  /** Values a block holds: 64 KB, so that a few blocks fit the second-level cache. */
  private static final int BLOCK = 16 * 1024;

  /** Values summed in single precision before double precision takes over. */
  private static final int SHORT = 1024;

  private float[] a = new float[BLOCK];
  private float[] b = new float[BLOCK];
  private float[] c = new float[BLOCK];
  private float[] d = new float[BLOCK];
  private final CpuAttention attention = new CpuAttention();

  @Override
  public void copy(Tensor from, Tensor to, long length) {
    Pointer.memcpy(to.pointer(), from.pointer(), length * Float.BYTES);
  }

  @Override
  public void zero(Tensor to, long length) {
    Pointer.memset(to.pointer(), 0, length * Float.BYTES);
  }

  @Override
  public void add(Tensor from, Tensor to, long length) {
    FloatBuffer source = from.buffer();
    FloatBuffer target = to.buffer();
    for (int at = 0; at < length; at += BLOCK) {
      int n = (int) Math.min(BLOCK, length - at);
      source.get(at, a, 0, n);
      target.get(at, b, 0, n);
      Loops.add(b, 0, a, 0, n);
      target.put(at, b, 0, n);
    }
  }

  @Override
  public void embed(int[] ids, int rows, Tensor table, Tensor out, int width) {
    FloatBuffer source = table.buffer();
    FloatBuffer target = out.buffer();
    int block = blockRows(width);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      for (int r = 0; r < n; r++) {
        source.get(ids[row + r] * width, a, r * width, width);
      }
      target.put(row * width, a, 0, n * width);
    }
  }

  @Override
  public void embedBackward(int[] ids, int rows, Tensor dOut, Tensor dTable, int width) {
    FloatBuffer source = dOut.buffer();
    FloatBuffer target = dTable.buffer();
    blockRows(width);
    for (int row = 0; row < rows; row++) {
      source.get(row * width, a, 0, width);
      target.get(ids[row] * width, b, 0, width);
      Loops.add(b, 0, a, 0, width);
      target.put(ids[row] * width, b, 0, width);
    }
  }

  @Override
  public void linear(Tensor x, Tensor w, Tensor y, int rows, int in, int out, boolean accumulate) {
    Blas.gemm(
        false,
        true,
        rows,
        out,
        in,
        1,
        x.pointer(),
        in,
        w.pointer(),
        in,
        accumulate,
        y.pointer(),
        out);
  }

  @Override
  public void linearInput(Tensor dy, Tensor w, Tensor dx, int rows, int in, int out) {
    Blas.gemm(
        false,
        false,
        rows,
        in,
        out,
        1,
        dy.pointer(),
        out,
        w.pointer(),
        in,
        false,
        dx.pointer(),
        in);
  }

  @Override
  public void linearWeight(Tensor dy, Tensor x, Tensor dw, int rows, int in, int out) {
    Blas.gemm(
        true, false, out, in, rows, 1, dy.pointer(), out, x.pointer(), in, true, dw.pointer(), in);
  }

  @Override
  public void rmsNorm(Tensor x, Tensor w, Tensor y, Tensor r, int rows, int width, double epsilon) {
    FloatBuffer source = x.buffer();
    FloatBuffer target = y.buffer();
    FloatBuffer scales = r.buffer();
    int block = blockRows(width);
    w.buffer().get(0, c, 0, width);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      source.get(row * width, a, 0, n * width);
      for (int i = 0; i < n; i++) {
        float squares = Loops.dot(a, i * width, a, i * width, width);
        float scale = (float) (1 / Math.sqrt(squares / width + epsilon));
        Loops.normalize(a, i * width, c, scale, b, width);
        d[i] = scale;
      }
      target.put(row * width, b, 0, n * width);
      scales.put(row, d, 0, n);
    }
  }

  @Override
  public void rmsNormBackward(
      Tensor dy, Tensor x, Tensor w, Tensor r, Tensor dx, Tensor dw, int rows, int width) {
    FloatBuffer gradients = dy.buffer();
    FloatBuffer inputs = x.buffer();
    FloatBuffer scales = r.buffer();
    FloatBuffer target = dx.buffer();
    int block = Math.min(blockRows(width), BLOCK / 2 / Math.max(1, width) + 1);
    float[] weights = Arrays.copyOf(c, width);
    float[] sums = new float[width];
    w.buffer().get(0, weights, 0, width);
    dw.buffer().get(0, sums, 0, width);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      gradients.get(row * width, a, 0, n * width);
      inputs.get(row * width, b, 0, n * width);
      target.get(row * width, c, 0, n * width);
      scales.get(row, d, 0, n);
      for (int i = 0; i < n; i++) {
        int at = i * width;
        Loops.addScaledProduct(sums, a, at, b, at, d[i], width);
        Loops.multiply(a, at, weights, width);
        float s = d[i];
        float mean = Loops.dot(a, at, b, at, width) / width;
        Loops.addCombination(c, at, a, at, s, b, at, -mean * s * s * s, width);
      }
      target.put(row * width, c, 0, n * width);
    }
    dw.buffer().put(0, sums, 0, width);
  }

  @Override
  public void rope(Tensor qkv, Heads heads, int sequences, int length, boolean backward) {
    attention.rope(qkv, heads, sequences, length, backward);
  }

  @Override
  public void attention(
      Tensor qkv, Tensor weights, Tensor out, Heads heads, int sequences, int length) {
    attention.forward(qkv, weights, out, heads, sequences, length);
  }

  @Override
  public void attentionBackward(
      Tensor dOut,
      Tensor qkv,
      Tensor weights,
      Tensor dQkv,
      Heads heads,
      int sequences,
      int length) {
    attention.backward(dOut, qkv, weights, dQkv, heads, sequences, length);
  }

  @Override
  public void swiglu(Tensor gateUp, Tensor out, int rows, int width) {
    int block = blockRows(2 * width);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      readGateUp(gateUp.buffer(), row, n, width);
      Loops.swiglu(a, b, n * width);
      out.buffer().put(row * width, a, 0, n * width);
    }
  }

  @Override
  public void swigluBackward(Tensor gateUp, Tensor dOut, Tensor dGateUp, int rows, int width) {
    int block = blockRows(2 * width);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      readGateUp(gateUp.buffer(), row, n, width);
      Loops.sigmoid(a, c, n * width);
      dOut.buffer().get(row * width, d, 0, n * width);
      Loops.swigluBackward(a, b, c, d, n * width);
      for (int i = 0; i < n; i++) {
        System.arraycopy(a, i * width, c, i * 2 * width, width);
        System.arraycopy(b, i * width, c, (i * 2 + 1) * width, width);
      }
      dGateUp.buffer().put(row * 2 * width, c, 0, n * 2 * width);
    }
  }

  /** Gates to one array and ups to another, dense: long loops are faster than one for each row. */
  private void readGateUp(FloatBuffer gateUp, int row, int rows, int width) {
    gateUp.get(row * 2 * width, c, 0, rows * 2 * width);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(c, i * 2 * width, a, i * width, width);
      System.arraycopy(c, (i * 2 + 1) * width, b, i * width, width);
    }
  }

  @Override
  public void crossEntropy(
      Tensor logits,
      int[] labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      double[] nats) {
    softmax(logits, labels, from, rows, vocabulary, scale, nats);
  }

  @Override
  public void losses(
      Tensor logits, int[] labels, int from, int rows, int vocabulary, double[] nats) {
    softmax(logits, labels, from, rows, vocabulary, 0, nats);
  }

  /** Losses, and gradients in place of logits unless their scale is 0. */
  private void softmax(
      Tensor logits,
      int[] labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      double[] nats) {
    FloatBuffer buffer = logits.buffer();
    int block = blockRows(vocabulary);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      buffer.get(row * vocabulary, a, 0, n * vocabulary);
      for (int i = 0; i < n; i++) {
        int at = i * vocabulary;
        int label = at + labels[from + row + i];
        double logit = a[label];
        double shift = 0;
        Loops.exp(a, at, vocabulary);
        double sum = Loops.sum(a, at, vocabulary);
        if (Loops.lossy(sum)) {
          buffer.get((row + i) * vocabulary, a, at, vocabulary);
          shift = Loops.max(a, at, vocabulary);
          Loops.add(a, at, (float) -shift, vocabulary);
          Loops.exp(a, at, vocabulary);
          sum = Loops.sum(a, at, vocabulary);
        }
        nats[from + row + i] = Math.log(sum) + shift - logit;
        if (scale != 0) {
          Loops.scale(a, at, (float) (scale / sum), vocabulary);
          a[label] -= (float) scale;
        }
      }
      if (scale != 0) {
        buffer.put(row * vocabulary, a, 0, n * vocabulary);
      }
    }
  }

  @Override
  public double sumOfSquares(Tensor of, long length) {
    double sum = 0;
    for (int at = 0; at < length; at += BLOCK) {
      int n = (int) Math.min(BLOCK, length - at);
      of.buffer().get(at, a, 0, n);
      for (int i = 0; i < n; i += SHORT) {
        sum += Loops.dot(a, i, a, i, Math.min(SHORT, n - i));
      }
    }
    return sum;
  }

  @Override
  public void adamW(
      Tensor weights, Tensor gradient, Tensor mean, Tensor square, long length, AdamW step) {
    for (int at = 0; at < length; at += BLOCK) {
      int n = (int) Math.min(BLOCK, length - at);
      weights.buffer().get(at, a, 0, n);
      gradient.buffer().get(at, b, 0, n);
      mean.buffer().get(at, c, 0, n);
      square.buffer().get(at, d, 0, n);
      Loops.adamW(a, b, c, d, n, step);
      weights.buffer().put(at, a, 0, n);
      mean.buffer().put(at, c, 0, n);
      square.buffer().put(at, d, 0, n);
    }
  }

  @Override
  public void close() {
    attention.close();
  }

  /** Rows of a block; at least one, for which the blocks grow if they must. */
  private int blockRows(int width) {
    if (width > a.length) {
      a = new float[width];
      b = new float[width];
      c = new float[width];
      d = new float[width];
    }
    return Math.max(1, BLOCK / width);
  }
}
