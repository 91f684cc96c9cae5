package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.Ids;
import dev.mixlaw.train.engine.llama.Kernels;
import dev.mixlaw.train.engine.llama.Values;
import dev.mixlaw.train.engine.vector.AdamW;
import dev.mixlaw.train.engine.vector.RowKernels;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** The kernels of one thread: results are there when a call returns. */
final class CpuKernels implements Kernels, AutoCloseable {
  private final Products products;
  private final RowKernels rowwise = new RowKernels();
  private final CpuAttention attention;
  private final PackedProducts packedProducts;
  private final StepAttention stepAttention = new StepAttention();
  private final Softmax softmax = Softmax.best();
  private final CrossEntropy crossEntropy = new CrossEntropy(softmax);

  /**
   * @param products its own, closed with it
   * @param length most tokens of a sequence
   */
  CpuKernels(Products products, Precision precision, int length) {
    this.products = products;
    packedProducts = new PackedProducts(precision);
    attention = new CpuAttention(length, softmax);
  }

  @Override
  public void ends(Values from, Values to, int sequences, int length, int first, int width) {
    OffHeap whole = OffHeap.of(from);
    OffHeap ends = OffHeap.written(to);
    long kept = (long) (length - first) * width;
    for (int s = 0; s < sequences; s++) {
      long begin = ((long) s * length + first) * width;
      Pointer.memcpy(ends.handle(s * kept), whole.handle(begin), kept * Float.BYTES);
    }
  }

  @Override
  public void zero(Values to, long length) {
    Pointer.memset(OffHeap.written(to).pointer(), 0, length * Float.BYTES);
  }

  @Override
  public void embed(Ids ids, int rows, Values table, Values out, int width) {
    rowwise.embed(HostIds.of(ids), 0, rows, buffer(table), written(out), width);
  }

  @Override
  public void embedBackward(Ids ids, Ids order, int rows, Values dOut, Values dTable, int width) {
    rowwise.embedBackward(
        HostIds.of(ids), HostIds.of(order), rows, buffer(dOut), written(dTable), width);
  }

  @Override
  public void linear(Values x, Values w, Values y, int rows, int in, int out) {
    products.linear(OffHeap.of(x), OffHeap.of(w), OffHeap.written(y), rows, in, out, false);
  }

  /** The copy is nothing beside the product, which adds to what is in its cache then. */
  @Override
  public void residualLinear(
      Values x, Values w, Values residual, Values y, int rows, int in, int out) {
    if (residual != y) {
      Pointer.memcpy(
          OffHeap.written(y).pointer(),
          OffHeap.of(residual).pointer(),
          (long) rows * out * Float.BYTES);
    }
    products.linear(OffHeap.of(x), OffHeap.of(w), OffHeap.written(y), rows, in, out, true);
  }

  @Override
  public void linearInput(Values dy, Values w, Values dx, int rows, int in, int out) {
    products.linearInput(OffHeap.of(dy), OffHeap.of(w), OffHeap.written(dx), rows, in, out);
  }

  @Override
  public void linearWeight(
      Values dy, Values x, Values dw, int rows, int in, int out, boolean accumulate) {
    products.linearWeight(
        OffHeap.of(dy), OffHeap.of(x), OffHeap.written(dw), rows, in, out, accumulate);
  }

  @Override
  public void rmsNorm(Values x, Values w, Values y, Values r, int rows, int width, double epsilon) {
    rowwise.rmsNorm(buffer(x), buffer(w), written(y), written(r), rows, width, epsilon);
  }

  @Override
  public void rmsNormBackward(
      Values dy,
      Values x,
      Values w,
      Values r,
      Values dx,
      Values dw,
      int rows,
      int width,
      boolean again) {
    rowwise.rmsNormBackward(
        buffer(dy), buffer(x), buffer(w), buffer(r), written(dx), written(dw), rows, width);
    if (again) {
      rowwise.normalize(buffer(x), buffer(w), buffer(r), written(dy), rows, width);
    }
  }

  @Override
  public void rope(Values qkv, Heads heads, int sequences, int length, boolean backward) {
    rowwise.rope(
        written(qkv),
        sequences * length,
        heads.rowWidth(),
        heads.query() + heads.keyValue(),
        heads.size(),
        heads.ropeTheta(),
        length,
        backward);
  }

  @Override
  public void attention(
      Values qkv, Values logSums, Values out, Heads heads, int sequences, int length) {
    attention.forward(OffHeap.of(qkv), OffHeap.written(out), heads, sequences, length);
  }

  @Override
  public void attentionBackward(
      Values dOut,
      Values out,
      Values qkv,
      Values logSums,
      Values dQkv,
      Heads heads,
      int sequences,
      int length) {
    attention.backward(
        OffHeap.of(dOut), OffHeap.of(qkv), OffHeap.written(dQkv), heads, sequences, length);
  }

  @Override
  public void pack(Values w, Values packed, int in, int out) {
    packedProducts.pack(OffHeap.of(w).pointer(), OffHeap.of(packed).pointer(), in, out);
  }

  @Override
  public void linearRows(
      Values x, Values w, Values packed, Values y, int rows, int in, int out, boolean accumulate) {
    packedProducts.multiply(
        OffHeap.of(x).pointer(),
        OffHeap.of(packed).pointer(),
        OffHeap.written(y).pointer(),
        rows,
        in,
        out,
        accumulate);
  }

  @Override
  public void attentionStep(
      Values qkv,
      Values keys,
      Values values,
      Ids places,
      Values out,
      Heads heads,
      int rows,
      int capacity) {
    stepAttention.step(
        OffHeap.written(qkv),
        OffHeap.written(keys),
        OffHeap.written(values),
        HostIds.of(places),
        OffHeap.written(out),
        heads,
        rows,
        capacity);
  }

  @Override
  public void swiglu(Values gateUp, Values out, int rows, int width) {
    rowwise.swiglu(buffer(gateUp), written(out), rows, width);
  }

  @Override
  public void swigluBackward(
      Values gateUp, Values dOut, Values dGateUp, int rows, int width, boolean again) {
    FloatBuffer out = again ? written(dOut) : buffer(dOut);
    rowwise.swigluBackward(buffer(gateUp), out, written(dGateUp), rows, width, again);
  }

  @Override
  public void crossEntropy(
      Values logits,
      Ids labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      Values to,
      int at) {
    crossEntropy.run(
        OffHeap.written(logits),
        HostIds.of(labels),
        from,
        rows,
        vocabulary,
        scale,
        written(to),
        at);
  }

  @Override
  public void reduce(List<Values> gradients, long length, Values squares, int index) {
    FloatBuffer sum = written(gradients.get(0));
    for (int i = 1; i < gradients.size(); i++) {
      rowwise.add(buffer(gradients.get(i)), sum, length);
    }
    written(squares).put(index, (float) rowwise.sumOfSquares(sum, length));
  }

  @Override
  public void adamW(
      Values weights,
      Values gradient,
      Values mean,
      Values square,
      long length,
      Values squares,
      int parts,
      double clipNorm,
      AdamW step) {
    double sum = 0;
    for (int i = 0; i < parts; i++) {
      sum += buffer(squares).get(i);
    }
    double norm = Math.sqrt(sum);
    if (!Double.isFinite(norm)) {
      return;
    }
    rowwise.adamW(
        written(weights),
        buffer(gradient),
        written(mean),
        written(square),
        length,
        step,
        norm > clipNorm ? clipNorm / norm : 1);
  }

  private static FloatBuffer buffer(Values values) {
    return OffHeap.of(values).buffer();
  }

  private static FloatBuffer written(Values values) {
    return OffHeap.written(values).buffer();
  }

  @Override
  public void close() {
    stepAttention.close();
    attention.close();
    softmax.close();
    packedProducts.close();
    products.close();
  }
}
