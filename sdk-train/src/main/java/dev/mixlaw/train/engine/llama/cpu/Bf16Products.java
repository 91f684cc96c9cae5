package dev.mixlaw.train.engine.llama.cpu;

import static dev.mixlaw.train.engine.llama.cpu.OneDnnStream.matrix;
import static dev.mixlaw.train.engine.llama.cpu.OneDnnStream.transposed;
import static org.bytedeco.dnnl.memory.data_type.bf16;
import static org.bytedeco.dnnl.memory.data_type.f32;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products in bf16 that are summed in single precision. The weights are rounded once per
 * step for all lanes ({@link Bf16Weights}). Activations and gradients are rounded once for all
 * products that use them ({@link Rounding}). The oneDNN primitive for a shape is created at first
 * use and then kept, because a decoder has only a few dozen shapes.
 */
final class Bf16Products implements MatrixProducts {
  private final OneDnnStream oneDnn = new OneDnnStream();
  private final ShapeCache<OneDnnPrimitive> products = new ShapeCache<>();
  private final Rounding rounding;

  Bf16Products(Rounding rounding) {
    this.rounding = rounding;
  }

  private enum Kind {
    FORWARD,
    INPUT,
    WEIGHT
  }

  @Override
  public void linear(
      OffHeapFloats x, OffHeapFloats w, OffHeapFloats y, int rows, int in, int out, boolean add) {
    run(Kind.FORWARD, rows, in, out, add, rounding.rounded(x, (long) rows * in), w, y);
  }

  @Override
  public void linearInput(
      OffHeapFloats dy, OffHeapFloats w, OffHeapFloats dx, int rows, int in, int out) {
    run(Kind.INPUT, rows, in, out, false, rounding.rounded(dy, (long) rows * out), w, dx);
  }

  @Override
  public void linearWeight(
      OffHeapFloats dy, OffHeapFloats x, OffHeapFloats dw, int rows, int in, int out, boolean add) {
    Pointer a = rounding.rounded(dy, (long) rows * out);
    Pointer b = rounding.rounded(x, (long) rows * in);
    product(Kind.WEIGHT, rows, in, out, add, null).set(0, a).set(1, b).set(2, dw.pointer()).run();
  }

  private void run(
      Kind kind,
      int rows,
      int in,
      int out,
      boolean add,
      Pointer a,
      OffHeapFloats w,
      OffHeapFloats to) {
    Bf16Weights shared = w.weights();
    Bf16Weights.Matrix b = shared == null ? null : shared.of(w, in, out, kind == Kind.INPUT);
    Pointer values = b == null ? rounding.rounded(w, (long) in * out) : b.values();
    OneDnnPrimitive product = product(kind, rows, in, out, add, b == null ? null : b.layout());
    product.set(0, a).set(1, values).set(2, to.pointer()).run();
  }

  private OneDnnPrimitive product(
      Kind kind, int rows, int in, int out, boolean add, memory.@Nullable desc layout) {
    int how = 4 * kind.ordinal() + (add ? 2 : 0) + (layout == null ? 0 : 1);
    OneDnnPrimitive known = products.get(how, rows, in, out);
    return known != null
        ? known
        : products.put(how, rows, in, out, make(kind, rows, in, out, add, layout));
  }

  private OneDnnPrimitive make(
      Kind kind, int rows, int in, int out, boolean add, memory.@Nullable desc layout) {
    return oneDnn.keep(
        () ->
            switch (kind) {
              case FORWARD -> {
                memory.desc b = layout != null ? layout : transposed(in, out, bf16);
                yield oneDnn.product(matrix(rows, in, bf16), b, matrix(rows, out, f32), add);
              }
              case INPUT -> {
                memory.desc b = layout != null ? layout : matrix(out, in, bf16);
                yield oneDnn.product(matrix(rows, out, bf16), b, matrix(rows, in, f32), add);
              }
              case WEIGHT -> {
                memory.desc b = matrix(rows, in, bf16);
                yield oneDnn.product(transposed(out, rows, bf16), b, matrix(out, in, f32), add);
              }
            });
  }

  @Override
  public void close() {
    oneDnn.close();
  }
}
