package dev.mixlaw.train.engine.decoder.cpu;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.spi.SessionSpec;
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

  /**
   * What the rounded factors of a decoder's products take: three products for each kind of matrix,
   * and once more the gradients' where a lane adds them up.
   */
  static long bytes(SessionSpec spec, int rows) {
    ModelSpec model = spec.model();
    long width = model.width();
    long qkv = width + 2L * model.keyValueHeads() * model.headSize();
    long[][] shapes = {
      {width, qkv},
      {width, width},
      {width, 2L * model.feedForward()},
      {model.feedForward(), width},
      {width, spec.vocabulary()}
    };
    long values = 0;
    for (long[] s : shapes) {
      // Logits are taken some rows at a time.
      long n = s[1] == spec.vocabulary() ? Math.min(rows, (2L << 20) / s[1]) : rows;
      values += 2 * s[0] * s[1] + 3 * n * (s[0] + s[1]);
    }
    return values * Short.BYTES;
  }

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
    for (int i = 0; i < known.size(); i++) {
      Shape s = known.get(i).shape;
      // Field by field: a shape made to compare would be the step's only garbage.
      if (s.transposeA == transposeA
          && s.transposeB == transposeB
          && s.rows == rows
          && s.columns == columns
          && s.inner == inner
          && s.strideA == strideA
          && s.strideB == strideB
          && s.strideTo == strideTo
          && s.accumulate == accumulate) {
        known.get(i).run(a, b, to, queue);
        return;
      }
    }
    Shape shape =
        new Shape(
            transposeA, transposeB, rows, columns, inner, strideA, strideB, strideTo, accumulate);
    Shaped made = new Shaped(shape, processor);
    known.add(made);
    made.run(a, b, to, queue);
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
        a = new memory(plainA, engine, (Pointer) null);
        b = new memory(plainB, engine, (Pointer) null);
        to = new memory(plainTo, engine, (Pointer) null);
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
