package dev.mixlaw.train.engine.llama.cpu;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products in bf16 with sums in single precision. Weights are rounded once per step for all
 * lanes ({@link Bf16Weights}); activations and gradients are rounded once for all products that use
 * them ({@link OffHeapFloats#rounded}). The oneDNN primitive of a shape is created at first use and
 * kept; a decoder has a few dozen shapes.
 */
final class Bf16Products implements MatrixProducts {
  private final engine processor = new engine(engine.kind.cpu, 0);
  private final stream stream = new stream(processor);
  private final dnnl_stream queue = stream.get();
  private final List<Product> products = new ArrayList<>();
  private final List<Rounding> roundings = new ArrayList<>();

  private enum Kind {
    FORWARD,
    INPUT,
    WEIGHT
  }

  @Override
  public void linear(
      OffHeapFloats x, OffHeapFloats w, OffHeapFloats y, int rows, int in, int out, boolean add) {
    run(Kind.FORWARD, rows, in, out, add, x, (long) rows * in, w, y);
  }

  @Override
  public void linearInput(
      OffHeapFloats dy, OffHeapFloats w, OffHeapFloats dx, int rows, int in, int out) {
    run(Kind.INPUT, rows, in, out, false, dy, (long) rows * out, w, dx);
  }

  @Override
  public void linearWeight(
      OffHeapFloats dy, OffHeapFloats x, OffHeapFloats dw, int rows, int in, int out, boolean add) {
    Product product = product(Kind.WEIGHT, rows, in, out, add, null);
    Pointer a = rounded(dy, (long) rows * out);
    product.call.run(queue, a, rounded(x, (long) rows * in), dw.pointer());
  }

  private void run(
      Kind kind,
      int rows,
      int in,
      int out,
      boolean add,
      OffHeapFloats from,
      long length,
      OffHeapFloats w,
      OffHeapFloats to) {
    Pointer a = rounded(from, length);
    Bf16Weights shared = w.weights();
    if (shared == null) {
      Product product = product(kind, rows, in, out, add, null);
      product.call.run(queue, a, rounded(w, (long) in * out), to.pointer());
    } else {
      Bf16Weights.Matrix matrix = shared.of(w, in, out, kind == Kind.INPUT);
      Product product = product(kind, rows, in, out, add, matrix.layout);
      product.call.run(queue, a, matrix.values, to.pointer());
    }
  }

  private Pointer rounded(OffHeapFloats values, long length) {
    Pointer to = values.rounded();
    if (values.isRounded(length)) {
      return to;
    }
    rounding(length).call().run(queue, values.pointer(), to);
    values.markRounded(length);
    return to;
  }

  private Rounding rounding(long length) {
    for (int i = 0; i < roundings.size(); i++) {
      if (roundings.get(i).length() == length) {
        return roundings.get(i);
      }
    }
    Rounding made = Rounding.of(length, processor);
    roundings.add(made);
    return made;
  }

  private Product product(
      Kind kind, int rows, int in, int out, boolean add, memory.@Nullable desc layout) {
    for (int i = 0; i < products.size(); i++) {
      Product p = products.get(i);
      // Field by field: a key object for each lookup would be the only garbage of a step.
      if (p.kind == kind
          && p.rows == rows
          && p.in == in
          && p.out == out
          && p.add == add
          && p.packed == (layout != null)) {
        return p;
      }
    }
    Product made = new Product(kind, rows, in, out, add, layout, processor);
    products.add(made);
    return made;
  }

  @Override
  public void close() {
    products.forEach(p -> p.call.close());
    roundings.forEach(r -> r.call().close());
    stream.close();
    processor.close();
  }

  /** Rounds a fixed number of values. */
  private record Rounding(long length, OneDnnPrimitive call) {
    static Rounding of(long length, engine on) {
      long[] shape = {length};
      return new Rounding(
          length,
          OneDnnPrimitive.owning(
              () -> {
                memory from = memory(shape, memory.data_type.f32, new long[] {1}, on);
                memory to = memory(shape, memory.data_type.bf16, new long[] {1}, on);
                return OneDnnPrimitive.reorder(new reorder(from, to), from, to);
              }));
    }
  }

  private static memory memory(long[] shape, memory.data_type type, long[] strides, engine on) {
    return new memory(new memory.desc(shape, type, strides), on, (Pointer) null);
  }

  /** The primitive of one shape. */
  private static final class Product {
    private final Kind kind;
    private final int rows;
    private final int in;
    private final int out;
    private final boolean add;
    private final boolean packed;
    private final OneDnnPrimitive call;

    Product(
        Kind kind,
        int rows,
        int in,
        int out,
        boolean add,
        memory.@Nullable desc layout,
        engine on) {
      this.kind = kind;
      this.rows = rows;
      this.in = in;
      this.out = out;
      this.add = add;
      packed = layout != null;
      call = OneDnnPrimitive.owning(() -> make(layout, on));
    }

    private OneDnnPrimitive make(memory.@Nullable desc layout, engine on) {
      primitive_attr attributes = new primitive_attr();
      if (add) {
        post_ops sum = new post_ops();
        sum.append_sum();
        attributes.set_post_ops(sum);
      }
      memory.desc left =
          switch (kind) {
            case FORWARD -> rounded(rows, in, in, 1);
            case INPUT -> rounded(rows, out, out, 1);
            case WEIGHT -> rounded(out, rows, 1, out);
          };
      memory.desc plain =
          switch (kind) {
            case FORWARD -> rounded(in, out, 1, in);
            case INPUT -> rounded(out, in, in, 1);
            case WEIGHT -> rounded(rows, in, in, 1);
          };
      memory.desc right = layout != null ? layout : plain;
      long[] shape = {kind == Kind.WEIGHT ? out : rows, kind == Kind.FORWARD ? out : in};
      memory.desc sums = new memory.desc(shape, memory.data_type.f32, new long[] {shape[1], 1});
      matmul.primitive_desc how =
          new matmul.primitive_desc(on, left, right, sums, attributes, false);
      memory a = new memory(left, on, (Pointer) null);
      memory b = new memory(right, on, (Pointer) null);
      memory to = new memory(sums, on, (Pointer) null);
      return OneDnnPrimitive.product(new matmul(how), a, b, to);
    }

    private static memory.desc rounded(int rows, int columns, int rowStride, int columnStride) {
      return new memory.desc(
          new long[] {rows, columns}, memory.data_type.bf16, new long[] {rowStride, columnStride});
    }
  }
}
