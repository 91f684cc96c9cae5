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

import java.util.function.Supplier;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/** A oneDNN primitive with its arguments, created once; running it allocates nothing. */
final class OneDnnPrimitive implements AutoCloseable {
  private final dnnl_primitive primitive;
  private final dnnl_exec_arg_t arguments;
  private final memory[] operands;
  private @Nullable PointerScope scope;

  private OneDnnPrimitive(dnnl_primitive primitive, memory... operands) {
    this.primitive = primitive;
    this.operands = operands;
    arguments = new dnnl_exec_arg_t(operands.length);
  }

  /** Returns a new primitive that frees everything that was created with it when it is closed. */
  static OneDnnPrimitive owning(Supplier<OneDnnPrimitive> creation) {
    try (PointerScope made = new PointerScope()) {
      OneDnnPrimitive primitive = creation.get();
      made.extend();
      primitive.scope = made;
      return primitive;
    }
  }

  static OneDnnPrimitive reorder(reorder primitive, memory from, memory to) {
    return new OneDnnPrimitive(primitive.get(), from, to)
        .with(0, DNNL_ARG_FROM)
        .with(1, DNNL_ARG_TO);
  }

  static OneDnnPrimitive product(matmul primitive, memory a, memory b, memory to) {
    return new OneDnnPrimitive(primitive.get(), a, b, to)
        .with(0, DNNL_ARG_SRC)
        .with(1, DNNL_ARG_WEIGHTS)
        .with(2, DNNL_ARG_DST);
  }

  static OneDnnPrimitive inPlace(softmax_forward primitive, memory values) {
    return new OneDnnPrimitive(primitive.get(), values, values)
        .with(0, DNNL_ARG_SRC)
        .with(1, DNNL_ARG_DST);
  }

  /** Replaces the gradient of a softmax's output with that of its input. */
  static OneDnnPrimitive gradient(softmax_backward primitive, memory result, memory gradient) {
    return new OneDnnPrimitive(primitive.get(), result, gradient, gradient)
        .with(0, DNNL_ARG_DST)
        .with(1, DNNL_ARG_DIFF_DST)
        .with(2, DNNL_ARG_DIFF_SRC);
  }

  private OneDnnPrimitive with(int place, int name) {
    arguments.position(place).arg(name).memory(operands[place].get());
    arguments.position(0);
    return this;
  }

  /** Runs the primitive after moving its first two operands. */
  void run(dnnl_stream stream, Pointer first, Pointer second) {
    operands[0].set_data_handle(first);
    operands[1].set_data_handle(second);
    run(stream);
  }

  /** Runs the primitive after moving its three operands. */
  void run(dnnl_stream stream, Pointer first, Pointer second, Pointer third) {
    operands[2].set_data_handle(third);
    run(stream, first, second);
  }

  void run(dnnl_stream stream) {
    int status = dnnl_primitive_execute(primitive, stream, operands.length, arguments);
    if (status != dnnl_success) {
      throw new IllegalStateException("oneDNN failed with status " + status);
    }
  }

  @Override
  public void close() {
    if (scope != null) {
      scope.close();
    }
  }
}
