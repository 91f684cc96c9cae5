package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.vector.RowKernels;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import org.bytedeco.javacpp.Pointer;

/**
 * Kernels for the CPU backend in single precision. Matrix products call the OpenBLAS library of
 * ND4J directly, and all other operations use {@link RowKernels}. For the shapes of a small
 * decoder, ND4J's own operations are slower (see BENCHMARKS.md): softmax by a factor of 7, sigmoid
 * by a factor of 8, and products with row-major results by a factor of 2.
 */
final class CpuKernels implements Kernels {
  private final RowKernels rowwise = new RowKernels();
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
    rowwise.add(from.buffer(), to.buffer(), length);
  }

  @Override
  public void embed(int[] ids, int rows, Tensor table, Tensor out, int width) {
    rowwise.embed(ids, rows, table.buffer(), out.buffer(), width);
  }

  @Override
  public void embedBackward(int[] ids, int rows, Tensor dOut, Tensor dTable, int width) {
    rowwise.embedBackward(ids, rows, dOut.buffer(), dTable.buffer(), width);
  }

  @Override
  public void linear(Tensor x, Tensor w, Tensor y, int rows, int in, int out, boolean accumulate) {
    Blas.multiply(
        rows, out, in, 1, x.strided(in), w.strided(in).transpose(), y.strided(out), accumulate);
  }

  @Override
  public void linearInput(Tensor dy, Tensor w, Tensor dx, int rows, int in, int out) {
    Blas.multiply(rows, in, out, 1, dy.strided(out), w.strided(in), dx.strided(in), false);
  }

  @Override
  public void linearWeight(Tensor dy, Tensor x, Tensor dw, int rows, int in, int out) {
    Blas.multiply(
        out, in, rows, 1, dy.strided(out).transpose(), x.strided(in), dw.strided(in), true);
  }

  @Override
  public void rmsNorm(Tensor x, Tensor w, Tensor y, Tensor r, int rows, int width, double epsilon) {
    rowwise.rmsNorm(x.buffer(), w.buffer(), y::buffer, r.buffer(), rows, width, epsilon);
  }

  @Override
  public void rmsNormBackward(
      Tensor dy, Tensor x, Tensor w, Tensor r, Tensor dx, Tensor dw, int rows, int width) {
    rowwise.rmsNormBackward(
        dy.buffer(), x.buffer(), w.buffer(), r.buffer(), dx.buffer(), dw.buffer(), rows, width);
  }

  @Override
  public void normalizeHeads(Tensor from, Tensor w, Tensor to, AttentionHeads heads, int rows) {
    rowwise.normalizeHeads(from.buffer(), w.buffer(), to.buffer(), heads, rows);
  }

  @Override
  public void normalizeHeadsBackward(
      Tensor d, Tensor from, Tensor w, Tensor dw, AttentionHeads heads, int rows) {
    rowwise.normalizeHeadsBackward(d.buffer(), from.buffer(), w.buffer(), dw.buffer(), heads, rows);
  }

  @Override
  public void rope(Tensor qkv, AttentionHeads heads, int sequences, int length, boolean backward) {
    rowwise.rope(qkv.buffer(), qkv::buffer, heads, sequences, length, backward);
  }

  @Override
  public void attention(
      Tensor qkv, Tensor weights, Tensor out, AttentionHeads heads, int sequences, int length) {
    attention.forward(qkv, weights, out, heads, sequences, length);
  }

  @Override
  public void attentionBackward(
      Tensor dy, Tensor qkv, Tensor w, Tensor dx, AttentionHeads heads, int sequences, int length) {
    attention.backward(dy, qkv, w, dx, heads, sequences, length);
  }

  @Override
  public void swiglu(Tensor gateUp, Tensor out, int rows, int width) {
    rowwise.swiglu(gateUp.buffer(), out::buffer, rows, width);
  }

  @Override
  public void swigluBackward(Tensor gateUp, Tensor dOut, Tensor dGateUp, int rows, int width) {
    rowwise.swigluBackward(gateUp.buffer(), dOut.buffer(), dGateUp::buffer, rows, width, null);
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
    rowwise.crossEntropy(logits.buffer(), labels, from, rows, vocabulary, scale, nats);
  }

  @Override
  public double sumOfSquares(Tensor of, long length) {
    return rowwise.sumOfSquares(of.buffer(), length);
  }

  @Override
  public void adamW(
      Tensor weights, Tensor gradient, Tensor mean, Tensor square, long length, AdamWStep step) {
    rowwise.adamW(
        weights.buffer(), gradient.buffer(), mean.buffer(), square.buffer(), length, step, 1);
  }

  @Override
  public void close() {
    attention.close();
  }
}
