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
 * Causal attention for {@link CpuKernels}. Matrix products read and write the columns of a head in
 * place in the buffer of queries, keys and values. The softmax is computed in Java.
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
    FloatPointer shared = view(qkv);
    FloatPointer softmax = view(weights);
    FloatPointer result = view(out);
    float scale = (float) (1 / Math.sqrt(size));
    for (int s = 0; s < sequences; s++) {
      long row = (long) s * length;
      for (int h = 0; h < heads.query(); h++) {
        long query = row * width + h * (long) size;
        long key = row * width + (heads.query() + h / heads.group()) * (long) size;
        long value = key + heads.keyValue() * (long) size;
        long at = ((long) s * heads.query() + h) * length * length;
        var w = matrix(softmax, at, length);
        var q = matrix(in, query, width);
        var k = matrix(shared, key, width).transpose();
        Blas.multiply(length, length, size, scale, q, k, w, false);
        causalSoftmax(weights.buffer(), Math.toIntExact(at), length);
        var v = matrix(shared, value, width);
        var to = matrix(result, row * outWidth + h * (long) size, outWidth);
        Blas.multiply(length, size, length, 1, w, v, to, false);
      }
    }
  }

  private void causalSoftmax(FloatBuffer scores, int from, int length) {
    int block = blockRows(length);
    for (int row = 0; row < length; row += block) {
      int n = Math.min(block, length - row);
      scores.get(from + row * length, a, 0, n * length);
      // One long loop is several times faster than many short loops, even though it includes masked
      // positions.
      VectorMath.exp(a, 0, n * length);
      for (int i = 0; i < n; i++) {
        int at = i * length;
        int seen = row + i + 1;
        int logits = from + (row + i) * length;
        double sum = VectorMath.sumOfExponentials(a, at, seen, scores, logits);
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
    FloatPointer in = view(qkv);
    FloatPointer to = view(dx);
    FloatPointer softmax = view(w);
    FloatPointer dResult = view(dy);
    float scale = (float) (1 / Math.sqrt(size));
    var dScores = StridedMatrix.of(scratch.pointer(), length);
    for (int s = 0; s < sequences; s++) {
      long row = (long) s * length;
      for (int h = 0; h < heads.query(); h++) {
        boolean more = h % heads.group() > 0;
        long query = row * width + h * (long) size;
        long key = row * width + (heads.query() + h / heads.group()) * (long) size;
        long value = key + heads.keyValue() * (long) size;
        long at = ((long) s * heads.query() + h) * length * length;
        var weights = matrix(softmax, at, length).transpose();
        var d = matrix(dResult, row * outWidth + h * (long) size, outWidth);
        Blas.multiply(length, size, length, 1, weights, d, matrix(to, value, width), more);
        var v = matrix(in, value, width).transpose();
        Blas.multiply(length, length, size, 1, d, v, dScores.with(length), false);
        softmaxBackward(w.buffer(), Math.toIntExact(at), length);
        var k = matrix(in, key, width);
        Blas.multiply(length, size, length, scale, dScores, k, matrix(to, query, width), false);
        var q = matrix(in, query, width);
        dScores.transpose();
        Blas.multiply(length, size, length, scale, dScores, q, matrix(to, key, width), more);
      }
    }
  }

  private static StridedMatrix<FloatPointer> matrix(FloatPointer values, long first, int stride) {
    return StridedMatrix.of(values.position(first), stride);
  }

  /** Computes {@code scratch = w ⊙ (scratch - rowsum(w ⊙ scratch))}. */
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
