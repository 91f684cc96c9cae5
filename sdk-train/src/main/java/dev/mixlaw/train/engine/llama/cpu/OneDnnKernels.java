package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.train.engine.llama.AttentionShape;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Ints;
import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.vector.RowKernels;
import dev.mixlaw.train.engine.vector.RowOutput;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** The kernels of one thread. Each call returns after its results have been computed. */
final class OneDnnKernels implements DeviceKernels, AutoCloseable {
  private final @Nullable Rounding rounding;
  private final MatrixProducts products;
  private final RowKernels rowwise = new RowKernels();
  private final TiledAttention attention;
  private final @Nullable Bf16Attention bf16Attention;
  private final PackedProducts packedProducts;
  private final CachedAttention cachedAttention = new CachedAttention();
  private final Softmax softmax = Softmax.best();
  private final CrossEntropy crossEntropy;

  OneDnnKernels(Precision precision, int length) {
    rounding = precision == Precision.BF16 ? new Rounding() : null;
    products = rounding == null ? new Fp32Products() : new Bf16Products(rounding);
    packedProducts = new PackedProducts(precision);
    attention = new TiledAttention(length, softmax);
    bf16Attention = rounding != null ? new Bf16Attention(rounding) : null;
    crossEntropy = new CrossEntropy(softmax, rounding);
  }

  @Override
  public void copyTails(Floats from, Floats to, int sequences, int length, int first, int width) {
    OffHeapFloats whole = of(from);
    OffHeapFloats ends = out(to);
    long kept = (long) (length - first) * width;
    for (int s = 0; s < sequences; s++) {
      long begin = ((long) s * length + first) * width;
      Pointer.memcpy(ends.handle(s * kept), whole.handle(begin), kept * Float.BYTES);
    }
  }

  @Override
  public void zero(Floats to, long length) {
    Pointer.memset(out(to).pointer(), 0, length * Float.BYTES);
  }

  @Override
  public void embed(Ints ids, int rows, Floats table, Floats out, int width) {
    rowwise.embed(HeapInts.of(ids), rows, buffer(table), written(out), width);
  }

  @Override
  public void embedBackward(Ints ids, Ints order, int rows, Floats dOut, Floats dTable, int width) {
    rowwise.embedBackward(HeapInts.of(ids), rows, buffer(dOut), written(dTable), width);
  }

  @Override
  public void linear(Floats x, Floats w, Floats y, int rows, int in, int out) {
    products.linear(of(x), of(w), out(y), rows, in, out, false);
  }

  /** Copies the residual and then adds the product. The copy stays in the cache. */
  @Override
  public void residualLinear(
      Floats x, Floats w, Floats residual, Floats y, int rows, int in, int out) {
    if (residual != y) {
      Pointer.memcpy(out(y).pointer(), of(residual).pointer(), (long) rows * out * Float.BYTES);
    }
    products.linear(of(x), of(w), out(y), rows, in, out, true);
  }

  @Override
  public void linearInput(Floats dy, Floats w, Floats dx, int rows, int in, int out) {
    products.linearInput(of(dy), of(w), out(dx), rows, in, out);
  }

  @Override
  public void linearWeight(Floats dy, Floats x, Floats dw, int rows, int in, int out, boolean add) {
    products.linearWeight(of(dy), of(x), out(dw), rows, in, out, add);
  }

  @Override
  public void rmsNorm(Floats x, Floats w, Floats y, Floats r, int rows, int width, double epsilon) {
    rowwise.rmsNorm(buffer(x), buffer(w), output(y), written(r), rows, width, epsilon);
  }

  @Override
  public void rmsNormBackward(
      Floats dy,
      Floats x,
      Floats w,
      Floats r,
      Floats dx,
      Floats dw,
      int rows,
      int width,
      boolean restore) {
    rowwise.rmsNormBackward(
        buffer(dy), buffer(x), buffer(w), buffer(r), written(dx), written(dw), rows, width);
    if (restore) {
      rowwise.normalize(buffer(x), buffer(w), buffer(r), output(dy), rows, width);
    }
  }

  @Override
  public void normalizeHeads(Floats from, Floats w, Floats to, AttentionHeads heads, int rows) {
    rowwise.normalizeHeads(buffer(from), buffer(w), written(to), heads, rows);
  }

  @Override
  public void normalizeHeadsBackward(
      Floats d, Floats from, Floats w, Floats dw, AttentionHeads heads, int rows) {
    rowwise.normalizeHeadsBackward(written(d), buffer(from), buffer(w), written(dw), heads, rows);
  }

  @Override
  public void rope(Floats qkv, AttentionShape shape, boolean backward) {
    FloatBuffer from = buffer(qkv);
    RowOutput to = inBf16(shape) ? output(qkv) : out(qkv);
    rowwise.rope(from, to, shape.heads(), shape.sequences(), shape.length(), backward);
  }

  private boolean inBf16(AttentionShape shape) {
    return bf16Attention != null && Bf16Attention.supports(shape.length());
  }

  @Override
  public void attention(Floats qkv, Floats softmax, Floats out, AttentionShape shape) {
    if (bf16Attention != null && inBf16(shape)) {
      bf16Attention.forward(of(qkv), of(softmax), out(out), shape);
    } else {
      attention.forward(of(qkv), out(out), shape);
    }
  }

  @Override
  public void attentionBackward(
      Floats dOut, Floats out, Floats qkv, Floats softmax, Floats dQkv, AttentionShape shape) {
    if (bf16Attention != null && inBf16(shape)) {
      bf16Attention.backward(of(dOut), of(qkv), of(softmax), out(dQkv), shape);
    } else {
      attention.backward(of(dOut), of(qkv), out(dQkv), shape);
    }
  }

  @Override
  public void pack(Floats w, Floats packed, int in, int out) {
    packedProducts.pack(of(w).pointer(), of(packed).pointer(), in, out);
  }

  @Override
  public void linearRows(
      Floats x, Floats w, Floats packed, Floats y, int rows, int in, int out, boolean add) {
    packedProducts.multiply(
        of(x).pointer(), of(packed).pointer(), out(y).pointer(), rows, in, out, add);
  }

  @Override
  public void cachedAttention(
      Floats qkv,
      Floats keys,
      Floats values,
      Ints places,
      Floats out,
      AttentionHeads heads,
      int rows,
      int capacity) {
    cachedAttention.step(
        out(qkv), out(keys), out(values), HeapInts.of(places), out(out), heads, rows, capacity);
  }

  @Override
  public void swiglu(Floats gateUp, Floats out, int rows, int width) {
    rowwise.swiglu(buffer(gateUp), output(out), rows, width);
  }

  @Override
  public void swigluBackward(
      Floats gateUp, Floats dOut, Floats dGateUp, int rows, int width, boolean restore) {
    FloatBuffer d = buffer(dOut);
    RowOutput out = restore ? output(dOut) : null;
    rowwise.swigluBackward(buffer(gateUp), d, output(dGateUp), rows, width, out);
  }

  @Override
  public void crossEntropy(
      Floats logits,
      Ints labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      Floats to,
      int at) {
    crossEntropy.run(
        of(logits), HeapInts.of(labels), from, rows, vocabulary, scale, written(to), at);
  }

  @Override
  public void reduce(List<Floats> gradients, long length, Floats squares, int index) {
    FloatBuffer sum = written(gradients.get(0));
    for (int i = 1; i < gradients.size(); i++) {
      rowwise.add(buffer(gradients.get(i)), sum, length);
    }
    written(squares).put(index, (float) rowwise.sumOfSquares(sum, length));
  }

  @Override
  public void adamW(Piece piece, Floats squares, double clipNorm, AdamWStep step) {
    double sum = 0;
    for (int i = 0; i < squares.length(); i++) {
      sum += buffer(squares).get(i);
    }
    double norm = Math.sqrt(sum);
    if (Double.isFinite(norm)) {
      rowwise.adamW(
          written(piece.weights()),
          buffer(piece.gradients().get(0)),
          written(piece.mean()),
          written(piece.square()),
          piece.weights().length(),
          step,
          norm > clipNorm ? clipNorm / norm : 1);
    }
  }

  private static OffHeapFloats of(Floats values) {
    return OffHeapFloats.of(values);
  }

  private static OffHeapFloats out(Floats values) {
    return OffHeapFloats.written(values);
  }

  /** Returns the output of a kernel. Operands of matrix products are kept only in bf16. */
  private RowOutput output(Floats values) {
    return out(values).output(rounding);
  }

  private static FloatBuffer buffer(Floats values) {
    return of(values).buffer();
  }

  private static FloatBuffer written(Floats values) {
    return out(values).buffer();
  }

  @Override
  public void close() {
    cachedAttention.close();
    attention.close();
    if (bf16Attention != null) {
      bf16Attention.close();
    }
    softmax.close();
    packedProducts.close();
    products.close();
    crossEntropy.close();
    if (rounding != null) {
      rounding.close();
    }
  }
}
