package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.train.engine.dl4j.Kernels.Heads;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rotary positions and causal attention of {@link CpuKernels}: a product for each head on its
 * columns of the fused buffer, where it lies, and the softmax in Java.
 */
final class CpuAttention implements AutoCloseable {
  private static final int BLOCK = 16 * 1024;

  private float[] a = new float[BLOCK];
  private float[] b = new float[BLOCK];
  private Tensor scratch = new Tensor(Nd4j.createUninitialized(DataType.FLOAT, 1));
  private Rotations rotations = new Rotations(0, 2, 1);

  void rope(Tensor qkv, Heads heads, int sequences, int length, boolean backward) {
    if (!rotations.fit(length, heads)) {
      rotations = new Rotations(length, heads.size(), heads.ropeTheta());
    }
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

  void forward(Tensor qkv, Tensor weights, Tensor out, Heads heads, int sequences, int length) {
    int width = heads.rowWidth();
    int size = heads.size();
    int outWidth = heads.query() * size;
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
        in.position(row * width + h * (long) size);
        key.position(row * width + (heads.query() + shared) * (long) size);
        value.position(row * width + (heads.query() + heads.keyValue() + shared) * (long) size);
        long at = ((long) s * heads.query() + h) * length * length;
        softmax.position(at);
        result.position(row * outWidth + h * (long) size);
        Blas.gemm(
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
        Blas.gemm(
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
        if (Loops.lossy(sum)) {
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

  void backward(
      Tensor dOut,
      Tensor qkv,
      Tensor weights,
      Tensor dQkv,
      Heads heads,
      int sequences,
      int length) {
    int width = heads.rowWidth();
    int size = heads.size();
    int outWidth = heads.query() * size;
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
          in[i].position(row * width + columns[i] * (long) size);
          to[i].position(row * width + columns[i] * (long) size);
        }
        long at = ((long) s * heads.query() + h) * length * length;
        softmax.position(at);
        dResult.position(row * outWidth + h * (long) size);
        Blas.gemm(
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
        Blas.gemm(
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
        Blas.gemm(
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
        Blas.gemm(
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

  private int blockRows(int width) {
    if (width > a.length) {
      a = new float[width];
      b = new float[width];
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

  @Override
  public void close() {
    scratch.array().close();
  }

  /** Cosines and sines of all positions, {@code [length, headSize / 2]}. */
  private static final class Rotations {
    private final int length;
    private final int size;
    private final double theta;
    private final float[] cos;
    private final float[] sin;

    Rotations(int length, int size, double theta) {
      this.length = length;
      this.size = size;
      this.theta = theta;
      int half = size / 2;
      cos = new float[length * half];
      sin = new float[length * half];
      for (int position = 0; position < length; position++) {
        for (int i = 0; i < half; i++) {
          double angle = position * Math.pow(theta, -2.0 * i / size);
          cos[position * half + i] = (float) Math.cos(angle);
          sin[position * half + i] = (float) Math.sin(angle);
        }
      }
    }

    boolean fit(int positions, Heads heads) {
      return length >= positions && size == heads.size() && theta == heads.ropeTheta();
    }
  }
}
