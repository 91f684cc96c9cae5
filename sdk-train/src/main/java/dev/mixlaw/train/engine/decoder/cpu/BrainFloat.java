package dev.mixlaw.train.engine.decoder.cpu;

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
import org.bytedeco.javacpp.PointerScope;

/**
 * Products in bf16: both factors are rounded into the layout that oneDNN wants, and the product is
 * summed in single precision. A decoder has some dozens of shapes; each has its primitives and
 * memory from its first use on.
 */
final class BrainFloat implements Products {
  private final engine processor = new engine(engine.kind.cpu, 0);
  private final stream stream = new stream(processor);
  private final dnnl_stream queue = stream.get();
  private final List<Shaped> known = new ArrayList<>();

  @Override
  public void multiply(
      boolean transposeA,
      boolean transposeB,
      int rows,
      int columns,
      int inner,
      FloatPointer a,
      int strideA,
      FloatPointer b,
      int strideB,
      boolean accumulate,
      FloatPointer to,
      int strideTo) {
    Shape shape =
        new Shape(
            transposeA, transposeB, rows, columns, inner, strideA, strideB, strideTo, accumulate);
    find(shape).run(a, b, to, queue);
  }

  private Shaped find(Shape shape) {
    for (Shaped one : known) {
      if (one.shape.equals(shape)) {
        return one;
      }
    }
    Shaped made = new Shaped(shape, processor);
    known.add(made);
    return made;
  }

  @Override
  public void close() {
    known.forEach(Shaped::close);
    stream.close();
    processor.close();
  }

  private record Shape(
      boolean transposeA,
      boolean transposeB,
      int rows,
      int columns,
      int inner,
      int strideA,
      int strideB,
      int strideTo,
      boolean accumulate) {}

  /** The primitives of one shape. */
  private static final class Shaped implements AutoCloseable {
    private final Shape shape;
    private final PointerScope scope;
    private final memory a;
    private final memory b;
    private final memory to;
    private final Call roundA;
    private final Call roundB;
    private final Call product;

    Shaped(Shape shape, engine engine) {
      this.shape = shape;
      // Holds what is made here, to be given back together.
      try (PointerScope made = new PointerScope()) {
        memory.desc plainA = plain(shape.rows, shape.inner, shape.strideA, shape.transposeA);
        memory.desc plainB = plain(shape.inner, shape.columns, shape.strideB, shape.transposeB);
        memory.desc plainTo = plain(shape.rows, shape.columns, shape.strideTo, false);
        primitive_attr attributes = new primitive_attr();
        if (shape.accumulate) {
          post_ops sum = new post_ops();
          sum.append_sum();
          attributes.set_post_ops(sum);
        }
        matmul.primitive_desc best =
            new matmul.primitive_desc(
                engine,
                any(shape.rows, shape.inner),
                any(shape.inner, shape.columns),
                plainTo,
                attributes,
                false);
        a = new memory(plainA, engine, null);
        b = new memory(plainB, engine, null);
        to = new memory(plainTo, engine, null);
        memory roundedA = new memory(best.src_desc(), engine);
        memory roundedB = new memory(best.weights_desc(), engine);
        roundA = Call.reorder(new reorder(a, roundedA), a, roundedA);
        roundB = Call.reorder(new reorder(b, roundedB), b, roundedB);
        product = Call.product(new matmul(best), roundedA, roundedB, to);
        made.extend();
        scope = made;
      }
    }

    private static memory.desc plain(int rows, int columns, int stride, boolean transposed) {
      return new memory.desc(
          new long[] {rows, columns},
          memory.data_type.f32,
          transposed ? new long[] {1, stride} : new long[] {stride, 1});
    }

    private static memory.desc any(int rows, int columns) {
      return new memory.desc(
          new long[] {rows, columns}, memory.data_type.bf16, memory.format_tag.any);
    }

    void run(FloatPointer fromA, FloatPointer fromB, FloatPointer target, dnnl_stream queue) {
      a.set_data_handle(fromA);
      b.set_data_handle(fromB);
      to.set_data_handle(target);
      roundA.run(queue);
      roundB.run(queue);
      product.run(queue);
    }

    @Override
    public void close() {
      scope.close();
    }
  }
}
