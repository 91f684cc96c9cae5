package dev.mixlaw.train.engine.llama.cpu;

import static dev.mixlaw.train.engine.llama.cpu.OneDnnStream.matrix;
import static org.bytedeco.dnnl.memory.data_type.f32;

import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Products of a few rows with weights that are packed in oneDNN's own layout. If there are few
 * rows, {@code dnnl_sgemm} takes longer to rearrange the weights than to multiply them, and its
 * order of summation depends on the number of rows. A primitive has the same order of summation for
 * any number of rows above one.
 */
final class PackedProducts implements AutoCloseable {
  /** Number of rows for which the layout of the weights is chosen. */
  private static final int ROWS = 64;

  private final OneDnnStream oneDnn = new OneDnnStream();
  private final memory.data_type type;
  private final ShapeCache<Packing> packings = new ShapeCache<>();
  private final ShapeCache<Product> products = new ShapeCache<>();

  PackedProducts(Precision precision) {
    type = precision == Precision.BF16 ? memory.data_type.bf16 : f32;
  }

  private record Packing(memory.desc layout, OneDnnPrimitive call) {}

  /** A product of fixed shape, which first converts the rows to the packed number format. */
  private record Product(OneDnnPrimitive round, Pointer rounded, OneDnnPrimitive call) {}

  void pack(FloatPointer w, FloatPointer packed, int in, int out) {
    packing(in, out).call().set(0, w).set(1, packed).run();
  }

  private Packing packing(int in, int out) {
    Packing known = packings.get(in, out, 0, 0);
    return known != null
        ? known
        : packings.put(in, out, 0, 0, oneDnn.keep(() -> makePacking(in, out)));
  }

  private Packing makePacking(int in, int out) {
    memory.desc layout = oneDnn.preferred(ROWS, in, out, type);
    long most = DeviceKernels.packedLength(in, out) * Float.BYTES;
    if (layout.get_size() > most) {
      throw new IllegalStateException(
          String.format(
              "packed weights of %d by %d need %d bytes; expected at most %d",
              in, out, layout.get_size(), most));
    }
    memory plain = oneDnn.unset(OneDnnStream.transposed(in, out, f32));
    return new Packing(layout, oneDnn.reorder(plain, oneDnn.unset(layout)));
  }

  void multiply(
      FloatPointer x, FloatPointer packed, FloatPointer y, int rows, int in, int out, boolean add) {
    int how = add ? 1 : 0;
    Product p = products.get(rows, in, out, how);
    if (p == null) {
      Packing packing = packing(in, out);
      Product made = oneDnn.keep(() -> makeProduct(packing.layout(), rows, in, out, add));
      p = products.put(rows, in, out, how, made);
    }
    Pointer a = x;
    if (type != f32) {
      p.round().set(0, x).run();
      a = p.rounded();
    }
    p.call().set(0, a).set(1, packed).set(2, y).run();
  }

  private Product makeProduct(memory.desc layout, int rows, int in, int out, boolean add) {
    memory rounded = new memory(matrix(rows, in, type), oneDnn.processor);
    return new Product(
        oneDnn.reorder(oneDnn.unset(matrix(rows, in, f32)), rounded),
        rounded.get_data_handle(),
        oneDnn.product(matrix(rows, in, type), layout, matrix(rows, out, f32), add));
  }

  @Override
  public void close() {
    oneDnn.close();
  }
}
