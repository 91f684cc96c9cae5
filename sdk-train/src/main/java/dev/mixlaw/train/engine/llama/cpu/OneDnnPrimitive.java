package dev.mixlaw.train.engine.llama.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;

/** A oneDNN primitive with its arguments, created once; running it allocates nothing. */
final class OneDnnPrimitive {
  private final dnnl_primitive primitive;
  private final dnnl_exec_arg_t arguments;
  private final int count;

  private OneDnnPrimitive(dnnl_primitive primitive, int count) {
    this.primitive = primitive;
    this.count = count;
    arguments = new dnnl_exec_arg_t(count);
  }

  static OneDnnPrimitive reorder(reorder primitive, memory from, memory to) {
    return new OneDnnPrimitive(primitive.get(), 2)
        .with(0, DNNL_ARG_FROM, from)
        .with(1, DNNL_ARG_TO, to);
  }

  static OneDnnPrimitive product(matmul primitive, memory a, memory b, memory to) {
    return new OneDnnPrimitive(primitive.get(), 3)
        .with(0, DNNL_ARG_SRC, a)
        .with(1, DNNL_ARG_WEIGHTS, b)
        .with(2, DNNL_ARG_DST, to);
  }

  static OneDnnPrimitive inPlace(softmax_forward primitive, memory values) {
    return new OneDnnPrimitive(primitive.get(), 2)
        .with(0, DNNL_ARG_SRC, values)
        .with(1, DNNL_ARG_DST, values);
  }

  /** Replaces the gradient of a softmax's output by that of its input. */
  static OneDnnPrimitive gradient(softmax_backward primitive, memory result, memory gradient) {
    return new OneDnnPrimitive(primitive.get(), 3)
        .with(0, DNNL_ARG_DST, result)
        .with(1, DNNL_ARG_DIFF_DST, gradient)
        .with(2, DNNL_ARG_DIFF_SRC, gradient);
  }

  private OneDnnPrimitive with(int place, int name, memory value) {
    arguments.position(place).arg(name).memory(value.get());
    arguments.position(0);
    return this;
  }

  void run(dnnl_stream stream) {
    int status = dnnl_primitive_execute(primitive, stream, count, arguments);
    if (status != dnnl_success) {
      throw new IllegalStateException("oneDNN failed with status " + status);
    }
  }
}
