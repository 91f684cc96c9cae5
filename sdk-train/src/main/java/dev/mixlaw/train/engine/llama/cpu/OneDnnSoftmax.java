package dev.mixlaw.train.engine.llama.cpu;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** Softmax with oneDNN's primitives, which work in place and vectorize the exponential. */
final class OneDnnSoftmax implements Softmax {
  private final engine processor = new engine(engine.kind.cpu, 0);
  private final stream stream = new stream(processor);
  private final dnnl_stream queue = stream.get();
  private final List<Shaped> known = new ArrayList<>();

  @Override
  public void forward(OffHeapFloats x, long offset, int rows, int columns, float factor) {
    Shaped shaped = shaped(rows, columns, factor);
    shaped.values.set_data_handle(x.handle(offset));
    shaped.forward.run(queue);
  }

  @Override
  public void backward(OffHeapFloats w, OffHeapFloats d, int rows, int columns) {
    Shaped shaped = shaped(rows, columns, 1);
    shaped.values.set_data_handle(w.pointer());
    shaped.gradients.set_data_handle(d.pointer());
    shaped.backward.run(queue);
  }

  private Shaped shaped(int rows, int columns, float factor) {
    for (int i = 0; i < known.size(); i++) {
      Shaped s = known.get(i);
      if (s.rows == rows && s.columns == columns && s.factor == factor) {
        return s;
      }
    }
    Shaped made = new Shaped(rows, columns, factor);
    known.add(made);
    return made;
  }

  @Override
  public void close() {
    known.forEach(s -> s.scope.close());
    stream.close();
    processor.close();
  }

  /** The primitives of one shape. */
  private final class Shaped {
    private final int rows;
    private final int columns;
    private final float factor;
    private final PointerScope scope;
    private final memory values;
    private final memory gradients;
    private final OneDnnPrimitive forward;
    private final OneDnnPrimitive backward;

    Shaped(int rows, int columns, float factor) {
      this.rows = rows;
      this.columns = columns;
      this.factor = factor;
      // Frees everything that is created here together.
      try (PointerScope made = new PointerScope()) {
        memory.desc plain =
            new memory.desc(
                new long[] {rows, columns}, memory.data_type.f32, new long[] {columns, 1});
        primitive_attr attributes = new primitive_attr();
        if (factor != 1) {
          post_ops times = new post_ops();
          times.append_eltwise(algorithm.eltwise_linear, factor, 0);
          attributes.set_post_ops(times);
        }
        softmax_forward.primitive_desc there =
            new softmax_forward.primitive_desc(
                processor,
                prop_kind.forward_training,
                algorithm.softmax_accurate,
                plain,
                plain,
                1,
                attributes,
                false);
        softmax_backward.primitive_desc back =
            new softmax_backward.primitive_desc(
                processor, algorithm.softmax_accurate, plain, plain, plain, 1, there);
        values = new memory(plain, processor, (Pointer) null);
        gradients = new memory(plain, processor, (Pointer) null);
        forward = OneDnnPrimitive.inPlace(new softmax_forward(there), values);
        backward = OneDnnPrimitive.gradient(new softmax_backward(back), values, gradients);
        made.extend();
        scope = made;
      }
    }
  }
}
