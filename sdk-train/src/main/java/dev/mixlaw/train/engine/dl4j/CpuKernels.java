package dev.mixlaw.train.engine.dl4j;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

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
  private Tensor scratch = new Tensor(Nd4j.createUninitialized(DataType.FLOAT, 1));
  private Rotations rotations = new Rotations(0, 0, 0, new float[0], new float[0]);

  /** Cosines and sines, {@code [length, headSize / 2]}. */
  private record Rotations(int length, int size, double theta, float[] cos, float[] sin) {}

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
    gemm(
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
    gemm(
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
    gemm(true, false, out, in, rows, 1, dy.pointer(), out, x.pointer(), in, true, dw.pointer(), in);
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
    rotate(length, heads);
    FloatBuffer buffer = qkv.buffer();
    int width = heads.rowWidth();
    int rotated = (heads.query() + heads.keyValue()) * heads.size();
    int half = heads.size() / 2;
    int rows = sequences * length;
    int block = blockRows(width);
    float sign = backward ? -1 : 1;
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      buffer.get(row * width, a, 0, n * width);
      for (int i = 0; i < n; i++) {
        int angle = (row + i) % length * half;
        for (int at = i * width; at < i * width + rotated; at += heads.size()) {
          Loops.rotate(a, at, rotations.cos, rotations.sin, angle, sign, half);
        }
      }
      buffer.put(row * width, a, 0, n * width);
    }
  }

  private void rotate(int length, Heads heads) {
    if (rotations.length >= length
        && rotations.size == heads.size()
        && rotations.theta == heads.ropeTheta()) {
      return;
    }
    int half = heads.size() / 2;
    float[] cos = new float[length * half];
    float[] sin = new float[length * half];
    for (int position = 0; position < length; position++) {
      for (int i = 0; i < half; i++) {
        double angle = position * Math.pow(heads.ropeTheta(), -2.0 * i / heads.size());
        cos[position * half + i] = (float) Math.cos(angle);
        sin[position * half + i] = (float) Math.sin(angle);
      }
    }
    rotations = new Rotations(length, heads.size(), heads.ropeTheta(), cos, sin);
  }

  @Override
  public void attention(
      Tensor qkv, Tensor weights, Tensor out, Heads heads, int sequences, int length) {
    int width = heads.rowWidth();
    int outWidth = heads.query() * heads.size();
    FloatPointer in = view(qkv);
    FloatPointer key = view(qkv);
    FloatPointer value = view(qkv);
    FloatPointer softmax = view(weights);
    FloatPointer result = view(out);
    float scale = (float) (1 / Math.sqrt(heads.size()));
    for (int s = 0; s < sequences; s++) {
      long row = (long) s * length;
      for (int h = 0; h < heads.query(); h++) {
        int shared = h / heads.group();
        in.position(row * width + h * heads.size());
        key.position(row * width + (heads.query() + shared) * heads.size());
        value.position(row * width + (heads.query() + heads.keyValue() + shared) * heads.size());
        long at = ((long) s * heads.query() + h) * length * length;
        softmax.position(at);
        result.position(row * outWidth + h * heads.size());
        gemm(
            false,
            true,
            length,
            length,
            heads.size(),
            scale,
            in,
            width,
            key,
            width,
            false,
            softmax,
            length);
        causalSoftmax(weights.buffer(), Math.toIntExact(at), length);
        gemm(
            false,
            false,
            length,
            heads.size(),
            length,
            1,
            softmax,
            length,
            value,
            width,
            false,
            result,
            outWidth);
      }
    }
  }

  private void causalSoftmax(FloatBuffer scores, int from, int length) {
    int block = blockRows(length);
    for (int row = 0; row < length; row += block) {
      int n = Math.min(block, length - row);
      scores.get(from + row * length, a, 0, n * length);
      // One long loop is several times as fast as many short ones, unseen positions counted.
      Loops.exp(a, 0, n * length);
      for (int i = 0; i < n; i++) {
        int at = i * length;
        int seen = row + i + 1;
        double sum = Loops.sum(a, at, seen);
        if (lossy(sum)) {
          scores.get(from + (row + i) * length, a, at, seen);
          Loops.add(a, at, -Loops.max(a, at, seen), seen);
          Loops.exp(a, at, seen);
          sum = Loops.sum(a, at, seen);
        }
        Loops.scale(a, at, (float) (1 / sum), seen);
        Arrays.fill(a, at + seen, at + length, 0);
      }
      scores.put(from + row * length, a, 0, n * length);
    }
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
    int width = heads.rowWidth();
    int outWidth = heads.query() * heads.size();
    reserve((long) length * length);
    FloatPointer[] in = {view(qkv), view(qkv), view(qkv)};
    FloatPointer[] to = {view(dQkv), view(dQkv), view(dQkv)};
    FloatPointer softmax = view(weights);
    FloatPointer dResult = view(dOut);
    FloatPointer dScores = scratch.pointer();
    float scale = (float) (1 / Math.sqrt(heads.size()));
    for (int s = 0; s < sequences; s++) {
      long row = (long) s * length;
      for (int h = 0; h < heads.query(); h++) {
        int shared = h / heads.group();
        boolean more = h % heads.group() > 0;
        int[] columns = {h, heads.query() + shared, heads.query() + heads.keyValue() + shared};
        for (int i = 0; i < columns.length; i++) {
          in[i].position(row * width + columns[i] * heads.size());
          to[i].position(row * width + columns[i] * heads.size());
        }
        long at = ((long) s * heads.query() + h) * length * length;
        softmax.position(at);
        dResult.position(row * outWidth + h * heads.size());
        gemm(
            true,
            false,
            length,
            heads.size(),
            length,
            1,
            softmax,
            length,
            dResult,
            outWidth,
            more,
            to[2],
            width);
        gemm(
            false,
            true,
            length,
            length,
            heads.size(),
            1,
            dResult,
            outWidth,
            in[2],
            width,
            false,
            dScores,
            length);
        softmaxBackward(weights.buffer(), Math.toIntExact(at), length);
        gemm(
            false,
            false,
            length,
            heads.size(),
            length,
            scale,
            dScores,
            length,
            in[1],
            width,
            false,
            to[0],
            width);
        gemm(
            true,
            false,
            length,
            heads.size(),
            length,
            scale,
            dScores,
            length,
            in[0],
            width,
            more,
            to[1],
            width);
      }
    }
  }

  /** {@code scratch = w ⊙ (scratch - rowsum(w ⊙ scratch))}. */
  private void softmaxBackward(FloatBuffer weights, int from, int length) {
    FloatBuffer gradients = scratch.buffer();
    int block = blockRows(length);
    for (int row = 0; row < length; row += block) {
      int n = Math.min(block, length - row);
      weights.get(from + row * length, a, 0, n * length);
      gradients.get(row * length, b, 0, n * length);
      Loops.multiply(b, 0, a, n * length);
      for (int i = 0; i < n; i++) {
        int seen = row + i + 1;
        float sum = Loops.sum(b, i * length, seen);
        Loops.addScaled(b, i * length, a, i * length, -sum, seen);
      }
      gradients.put(row * length, b, 0, n * length);
    }
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
        if (lossy(sum)) {
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
    scratch.array().close();
  }

  /**
   * Whether exponentials came near underflow or overflow: rare, as logits are of moderate size, so
   * they are first tried as they are and only then relative to their largest, which costs a search.
   */
  private static boolean lossy(double sum) {
    return !(sum > 1e-10 && sum < 1e30);
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

  private void reserve(long length) {
    if (scratch.array().length() < length) {
      scratch.array().close();
      scratch = new Tensor(Nd4j.createUninitialized(DataType.FLOAT, length));
    }
  }

  private static FloatPointer view(Tensor tensor) {
    return new FloatPointer(tensor.pointer());
  }

  private static void gemm(
      boolean transposeA,
      boolean transposeB,
      int rows,
      int columns,
      int inner,
      float scale,
      FloatPointer a,
      int strideA,
      FloatPointer b,
      int strideB,
      boolean accumulate,
      FloatPointer to,
      int strideTo) {
    cblas_sgemm(
        CblasRowMajor,
        transposeA ? CblasTrans : CblasNoTrans,
        transposeB ? CblasTrans : CblasNoTrans,
        rows,
        columns,
        inner,
        scale,
        a,
        strideA,
        b,
        strideB,
        accumulate ? 1 : 0,
        to,
        strideTo);
  }
}
