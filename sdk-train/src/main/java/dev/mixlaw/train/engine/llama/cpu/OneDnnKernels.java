package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.DeviceFloats;
import dev.mixlaw.train.engine.llama.DeviceInts;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.vector.RowKernels;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** The kernels of one thread, by oneDNN and Java; results are complete when a call returns. */
final class OneDnnKernels implements DeviceKernels, AutoCloseable {
  private final MatrixProducts products;
  private final RowKernels rowwise = new RowKernels();
  private final TiledAttention attention;
  private final PackedProducts packedProducts;
  private final CachedAttention cachedAttention = new CachedAttention();
  private final Softmax softmax = Softmax.best();
  private final CrossEntropy crossEntropy = new CrossEntropy(softmax);

  /**
   * Creates the kernels of a lane.
   *
   * @param products closed with this object
   * @param length largest number of tokens of a sequence
   */
  OneDnnKernels(MatrixProducts products, Precision precision, int length) {
    this.products = products;
    packedProducts = new PackedProducts(precision);
    attention = new TiledAttention(length, softmax);
  }

  @Override
  public void copyTails(
      DeviceFloats from, DeviceFloats to, int sequences, int length, int first, int width) {
    OffHeapFloats whole = OffHeapFloats.of(from);
    OffHeapFloats ends = OffHeapFloats.written(to);
    long kept = (long) (length - first) * width;
    for (int s = 0; s < sequences; s++) {
      long begin = ((long) s * length + first) * width;
      Pointer.memcpy(ends.handle(s * kept), whole.handle(begin), kept * Float.BYTES);
    }
  }

  @Override
  public void zero(DeviceFloats to, long length) {
    Pointer.memset(OffHeapFloats.written(to).pointer(), 0, length * Float.BYTES);
  }

  @Override
  public void embed(DeviceInts ids, int rows, DeviceFloats table, DeviceFloats out, int width) {
    rowwise.embed(HeapInts.of(ids), 0, rows, buffer(table), written(out), width);
  }

  @Override
  public void embedBackward(
      DeviceInts ids,
      DeviceInts order,
      int rows,
      DeviceFloats dOut,
      DeviceFloats dTable,
      int width) {
    rowwise.embedBackward(
        HeapInts.of(ids), HeapInts.of(order), rows, buffer(dOut), written(dTable), width);
  }

  @Override
  public void linear(DeviceFloats x, DeviceFloats w, DeviceFloats y, int rows, int in, int out) {
    products.linear(
        OffHeapFloats.of(x), OffHeapFloats.of(w), OffHeapFloats.written(y), rows, in, out, false);
  }

  /**
   * Copies the residual first, and the product adds to it: the copy costs little, and its result is
   * in the cache.
   */
  @Override
  public void residualLinear(
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats residual,
      DeviceFloats y,
      int rows,
      int in,
      int out) {
    if (residual != y) {
      Pointer.memcpy(
          OffHeapFloats.written(y).pointer(),
          OffHeapFloats.of(residual).pointer(),
          (long) rows * out * Float.BYTES);
    }
    products.linear(
        OffHeapFloats.of(x), OffHeapFloats.of(w), OffHeapFloats.written(y), rows, in, out, true);
  }

  @Override
  public void linearInput(
      DeviceFloats dy, DeviceFloats w, DeviceFloats dx, int rows, int in, int out) {
    products.linearInput(
        OffHeapFloats.of(dy), OffHeapFloats.of(w), OffHeapFloats.written(dx), rows, in, out);
  }

  @Override
  public void linearWeight(
      DeviceFloats dy,
      DeviceFloats x,
      DeviceFloats dw,
      int rows,
      int in,
      int out,
      boolean accumulate) {
    products.linearWeight(
        OffHeapFloats.of(dy),
        OffHeapFloats.of(x),
        OffHeapFloats.written(dw),
        rows,
        in,
        out,
        accumulate);
  }

  @Override
  public void rmsNorm(
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats y,
      DeviceFloats r,
      int rows,
      int width,
      double epsilon) {
    rowwise.rmsNorm(buffer(x), buffer(w), written(y), written(r), rows, width, epsilon);
  }

  @Override
  public void rmsNormBackward(
      DeviceFloats dy,
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats r,
      DeviceFloats dx,
      DeviceFloats dw,
      int rows,
      int width,
      boolean restore) {
    rowwise.rmsNormBackward(
        buffer(dy), buffer(x), buffer(w), buffer(r), written(dx), written(dw), rows, width);
    if (restore) {
      rowwise.normalize(buffer(x), buffer(w), buffer(r), written(dy), rows, width);
    }
  }

  @Override
  public void rope(
      DeviceFloats qkv, AttentionHeads heads, int sequences, int length, boolean backward) {
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
      DeviceFloats qkv,
      DeviceFloats logSums,
      DeviceFloats out,
      AttentionHeads heads,
      int sequences,
      int length) {
    attention.forward(OffHeapFloats.of(qkv), OffHeapFloats.written(out), heads, sequences, length);
  }

  @Override
  public void attentionBackward(
      DeviceFloats dOut,
      DeviceFloats out,
      DeviceFloats qkv,
      DeviceFloats logSums,
      DeviceFloats dQkv,
      AttentionHeads heads,
      int sequences,
      int length) {
    attention.backward(
        OffHeapFloats.of(dOut),
        OffHeapFloats.of(qkv),
        OffHeapFloats.written(dQkv),
        heads,
        sequences,
        length);
  }

  @Override
  public void pack(DeviceFloats w, DeviceFloats packed, int in, int out) {
    packedProducts.pack(OffHeapFloats.of(w).pointer(), OffHeapFloats.of(packed).pointer(), in, out);
  }

  @Override
  public void linearRows(
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats packed,
      DeviceFloats y,
      int rows,
      int in,
      int out,
      boolean accumulate) {
    packedProducts.multiply(
        OffHeapFloats.of(x).pointer(),
        OffHeapFloats.of(packed).pointer(),
        OffHeapFloats.written(y).pointer(),
        rows,
        in,
        out,
        accumulate);
  }

  @Override
  public void cachedAttention(
      DeviceFloats qkv,
      DeviceFloats keys,
      DeviceFloats values,
      DeviceInts places,
      DeviceFloats out,
      AttentionHeads heads,
      int rows,
      int capacity) {
    cachedAttention.step(
        OffHeapFloats.written(qkv),
        OffHeapFloats.written(keys),
        OffHeapFloats.written(values),
        HeapInts.of(places),
        OffHeapFloats.written(out),
        heads,
        rows,
        capacity);
  }

  @Override
  public void swiglu(DeviceFloats gateUp, DeviceFloats out, int rows, int width) {
    rowwise.swiglu(buffer(gateUp), written(out), rows, width);
  }

  @Override
  public void swigluBackward(
      DeviceFloats gateUp,
      DeviceFloats dOut,
      DeviceFloats dGateUp,
      int rows,
      int width,
      boolean restore) {
    FloatBuffer out = restore ? written(dOut) : buffer(dOut);
    rowwise.swigluBackward(buffer(gateUp), out, written(dGateUp), rows, width, restore);
  }

  @Override
  public void crossEntropy(
      DeviceFloats logits,
      DeviceInts labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      DeviceFloats to,
      int at) {
    crossEntropy.run(
        OffHeapFloats.written(logits),
        HeapInts.of(labels),
        from,
        rows,
        vocabulary,
        scale,
        written(to),
        at);
  }

  @Override
  public void reduce(List<DeviceFloats> gradients, long length, DeviceFloats squares, int index) {
    FloatBuffer sum = written(gradients.get(0));
    for (int i = 1; i < gradients.size(); i++) {
      rowwise.add(buffer(gradients.get(i)), sum, length);
    }
    written(squares).put(index, (float) rowwise.sumOfSquares(sum, length));
  }

  @Override
  public void adamW(
      DeviceFloats weights,
      DeviceFloats gradient,
      DeviceFloats mean,
      DeviceFloats square,
      long length,
      DeviceFloats squares,
      int parts,
      double clipNorm,
      AdamWStep step) {
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

  private static FloatBuffer buffer(DeviceFloats values) {
    return OffHeapFloats.of(values).buffer();
  }

  private static FloatBuffer written(DeviceFloats values) {
    return OffHeapFloats.written(values).buffer();
  }

  @Override
  public void close() {
    cachedAttention.close();
    attention.close();
    softmax.close();
    packedProducts.close();
    products.close();
  }
}
