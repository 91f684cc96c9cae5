package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.DeviceKernels;
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
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Products of a few rows and weights in oneDNN's own layout. With few rows, {@code dnnl_sgemm}
 * would take longer to rearrange the weights than to multiply, and its summation order depends on
 * the number of rows. For at least two rows, the summation order of a primitive does not.
 */
final class PackedProducts implements AutoCloseable {
  /** Number of rows for which the weight layout is chosen. */
  private static final int ROWS = 64;

  private final engine processor = new engine(engine.kind.cpu, 0);
  private final stream stream = new stream(processor);
  private final dnnl_stream queue = stream.get();
  private final memory.data_type type;
  private final List<Packing> packings = new ArrayList<>();
  private final List<Product> products = new ArrayList<>();

  PackedProducts(Precision precision) {
    type = precision == Precision.BF16 ? memory.data_type.bf16 : memory.data_type.f32;
  }

  /**
   * @param w {@code [out, in]}
   * @param packed for as many values as {@link DeviceKernels#packedLength} says
   */
  void pack(FloatPointer w, FloatPointer packed, int in, int out) {
    packing(in, out).call().run(queue, w, packed);
  }

  private Packing packing(int in, int out) {
    for (int i = 0; i < packings.size(); i++) {
      Packing p = packings.get(i);
      if (p.in() == in && p.out() == out) {
        return p;
      }
    }
    Packing made = makePacking(in, out);
    packings.add(made);
    return made;
  }

  /** {@code y = x·wᵀ}, or {@code y += x·wᵀ}. */
  void multiply(
      FloatPointer x, FloatPointer packed, FloatPointer y, int rows, int in, int out, boolean add) {
    for (int i = 0; i < products.size(); i++) {
      Product p = products.get(i);
      if (p.rows == rows && p.in == in && p.out == out && p.add == add) {
        p.run(x, packed, y, queue);
        return;
      }
    }
    Product made = new Product(packing(in, out), rows, add);
    products.add(made);
    made.run(x, packed, y, queue);
  }

  @Override
  public void close() {
    products.forEach(Product::close);
    packings.forEach(p -> p.call().close());
    stream.close();
    processor.close();
  }

  private static memory.desc rows(int rows, int columns, memory.data_type type) {
    return new memory.desc(new long[] {rows, columns}, type, new long[] {columns, 1});
  }

  private matmul.primitive_desc best(int rows, memory.desc weights, int in, int out, boolean add) {
    primitive_attr attributes = new primitive_attr();
    if (add) {
      post_ops sum = new post_ops();
      sum.append_sum();
      attributes.set_post_ops(sum);
    }
    return new matmul.primitive_desc(
        processor,
        rows(rows, in, type),
        weights,
        rows(rows, out, memory.data_type.f32),
        attributes,
        false);
  }

  /** Converts weights of one shape to the packed layout. */
  private record Packing(int in, int out, memory.desc layout, OneDnnPrimitive call) {}

  private Packing makePacking(int in, int out) {
    memory.desc[] layout = new memory.desc[1];
    OneDnnPrimitive call =
        OneDnnPrimitive.owning(
            () -> {
              memory.desc any = new memory.desc(new long[] {in, out}, type, memory.format_tag.any);
              layout[0] = best(ROWS, any, in, out, false).weights_desc();
              if (layout[0].get_size() > DeviceKernels.packedLength(in, out) * Float.BYTES) {
                throw new IllegalStateException(
                    "packed weights of "
                        + in
                        + " by "
                        + out
                        + " need "
                        + layout[0].get_size()
                        + " bytes; expected at most "
                        + DeviceKernels.packedLength(in, out) * Float.BYTES);
              }
              memory.desc transposed =
                  new memory.desc(new long[] {in, out}, memory.data_type.f32, new long[] {1, in});
              memory plain = new memory(transposed, processor, (Pointer) null);
              memory packed = new memory(layout[0], processor, (Pointer) null);
              return OneDnnPrimitive.reorder(new reorder(plain, packed), plain, packed);
            });
    return new Packing(in, out, layout[0], call);
  }

  /** The product of a fixed number of rows and weights of one shape. */
  private final class Product implements AutoCloseable {
    private final int rows;
    private final int in;
    private final int out;
    private final boolean add;
    private final PointerScope scope;
    private final memory given;
    private final memory weights;
    private final memory to;
    private final @Nullable OneDnnPrimitive round;
    private final OneDnnPrimitive product;

    Product(Packing packing, int rows, boolean add) {
      this.rows = rows;
      in = packing.in();
      out = packing.out();
      this.add = add;
      try (PointerScope made = new PointerScope()) {
        matmul.primitive_desc how = best(rows, packing.layout(), in, out, add);
        given = new memory(rows(rows, in, memory.data_type.f32), processor, (Pointer) null);
        weights = new memory(packing.layout(), processor, (Pointer) null);
        to = new memory(how.dst_desc(), processor, (Pointer) null);
        if (type == memory.data_type.f32) {
          round = null;
          product = OneDnnPrimitive.product(new matmul(how), given, weights, to);
        } else {
          memory rounded = new memory(how.src_desc(), processor);
          round = OneDnnPrimitive.reorder(new reorder(given, rounded), given, rounded);
          product = OneDnnPrimitive.product(new matmul(how), rounded, weights, to);
        }
        made.extend();
        scope = made;
      }
    }

    void run(FloatPointer x, FloatPointer packed, FloatPointer y, dnnl_stream on) {
      given.set_data_handle(x);
      weights.set_data_handle(packed);
      to.set_data_handle(y);
      if (round != null) {
        round.run(on);
      }
      product.run(on);
    }

    @Override
    public void close() {
      scope.close();
    }
  }
}
