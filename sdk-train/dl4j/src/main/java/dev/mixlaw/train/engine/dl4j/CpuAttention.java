package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.train.engine.vector.StridedMatrix;
import dev.mixlaw.train.engine.vector.VectorMath;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Causal attention for {@link CpuKernels}. The matrix products of a head work in place on its
 * columns of the fused buffer, and the softmax is computed in Java.
 */
final class CpuAttention implements AutoCloseable {
  private static final int BLOCK = 16 * 1024;

  private float[] a = new float[BLOCK];
  private float[] b = new float[BLOCK];
  private Tensor scratch = new Tensor(Nd4j.createUninitialized(DataType.FLOAT, 1));

  void forward(
      Tensor qkv, Tensor weights, Tensor out, AttentionHeads heads, int sequences, int length) {
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
        Blas.multiply(
            length,
            length,
            heads.size(),
            scale,
            StridedMatrix.of(in, width),
            StridedMatrix.of(key, width).transpose(),
            StridedMatrix.of(softmax, length),
            false);
        causalSoftmax(weights.buffer(), Math.toIntExact(at), length);
        Blas.multiply(
            length,
            heads.size(),
            length,
            1,
            StridedMatrix.of(softmax, length),
            StridedMatrix.of(value, width),
            StridedMatrix.of(result, outWidth),
            false);
      }
    }
  }

  private void causalSoftmax(FloatBuffer scores, int from, int length) {
    int block = blockRows(length);
    for (int row = 0; row < length; row += block) {
      int n = Math.min(block, length - row);
      scores.get(from + row * length, a, 0, n * length);
      // One long loop is several times faster than many short ones, even though it includes masked
      // positions.
      VectorMath.exp(a, 0, n * length);
      for (int i = 0; i < n; i++) {
        int at = i * length;
        int seen = row + i + 1;
        double sum = VectorMath.sum(a, at, seen);
        if (VectorMath.lossy(sum)) {
          scores.get(from + (row + i) * length, a, at, seen);
          VectorMath.add(a, at, -VectorMath.max(a, at, seen), seen);
          VectorMath.exp(a, at, seen);
          sum = VectorMath.sum(a, at, seen);
        }
        VectorMath.scale(a, at, (float) (1 / sum), seen);
        Arrays.fill(a, at + seen, at + length, 0);
      }
      scores.put(from + row * length, a, 0, n * length);
    }
  }

  void backward(
      Tensor dy, Tensor qkv, Tensor w, Tensor dx, AttentionHeads heads, int sequences, int length) {
    int width = heads.rowWidth();
    int size = heads.size();
    int outWidth = heads.query() * size;
    reserve((long) length * length);
    FloatPointer[] in = {view(qkv), view(qkv), view(qkv)};
    FloatPointer[] to = {view(dx), view(dx), view(dx)};
    FloatPointer softmax = view(w);
    FloatPointer dResult = view(dy);
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
        Blas.multiply(
            length,
            heads.size(),
            length,
            1,
            StridedMatrix.of(softmax, length).transpose(),
            StridedMatrix.of(dResult, outWidth),
            StridedMatrix.of(to[2], width),
            more);
        Blas.multiply(
            length,
            length,
            heads.size(),
            1,
            StridedMatrix.of(dResult, outWidth),
            StridedMatrix.of(in[2], width).transpose(),
            StridedMatrix.of(dScores, length),
            false);
        softmaxBackward(w.buffer(), Math.toIntExact(at), length);
        Blas.multiply(
            length,
            heads.size(),
            length,
            scale,
            StridedMatrix.of(dScores, length),
            StridedMatrix.of(in[1], width),
            StridedMatrix.of(to[0], width),
            false);
        Blas.multiply(
            length,
            heads.size(),
            length,
            scale,
            StridedMatrix.of(dScores, length).transpose(),
            StridedMatrix.of(in[0], width),
            StridedMatrix.of(to[1], width),
            more);
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
      VectorMath.multiply(b, a, 0, n * length);
      for (int i = 0; i < n; i++) {
        int seen = row + i + 1;
        float sum = VectorMath.sum(b, i * length, seen);
        VectorMath.addScaled(b, i * length, a, i * length, -sum, seen);
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
}
