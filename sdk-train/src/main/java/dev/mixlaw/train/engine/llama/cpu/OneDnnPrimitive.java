package dev.mixlaw.train.engine.llama.cpu;

import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;

/** A oneDNN primitive and its operands. Running the primitive allocates nothing. */
final class OneDnnPrimitive {
  private final dnnl_primitive primitive;
  private final dnnl_stream stream;
  private final dnnl_exec_arg_t arguments;
  private final memory[] operands;

  /** Creates a primitive. oneDNN identifies the operands by the constants in {@code names}. */
  OneDnnPrimitive(dnnl_primitive primitive, dnnl_stream stream, int[] names, memory... operands) {
    this.primitive = primitive;
    this.stream = stream;
    this.operands = operands;
    arguments = new dnnl_exec_arg_t(operands.length);
    for (int i = 0; i < operands.length; i++) {
      arguments.position(i).arg(names[i]).memory(operands[i].get());
    }
    arguments.position(0);
  }

  OneDnnPrimitive set(int operand, Pointer values) {
    operands[operand].set_data_handle(values);
    return this;
  }

  void run() {
    int status = dnnl_primitive_execute(primitive, stream, operands.length, arguments);
    if (status != dnnl_success) {
      throw new IllegalStateException("oneDNN failed with status " + status);
    }
  }
}
