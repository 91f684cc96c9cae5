package dev.mixlaw.train.engine.llama.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** Creates oneDNN primitives, which are freed when this stream is closed. */
final class OneDnnStream implements AutoCloseable {
  final engine processor = new engine(engine.kind.cpu, 0);
  private final stream stream = new stream(processor);
  private final dnnl_stream queue = stream.get();
  private final List<PointerScope> scopes = new ArrayList<>();

  /** Creates an object that is not freed until this stream is closed. */
  <T> T keep(Supplier<T> creation) {
    try (PointerScope made = new PointerScope()) {
      T created = creation.get();
      made.extend();
      scopes.add(made);
      return created;
    }
  }

  static memory.desc matrix(int rows, int columns, memory.data_type type) {
    return new memory.desc(new long[] {rows, columns}, type, new long[] {columns, 1});
  }

  static memory.desc transposed(int rows, int columns, memory.data_type type) {
    return new memory.desc(new long[] {rows, columns}, type, new long[] {1, rows});
  }

  /** Returns the layout that oneDNN prefers for weights of shape {@code [in, out]}. */
  memory.desc preferred(int rows, int in, int out, memory.data_type type) {
    memory.desc any = new memory.desc(new long[] {in, out}, type, memory.format_tag.any);
    memory.desc sums = matrix(rows, out, memory.data_type.f32);
    return product(matrix(rows, in, type), any, sums, new primitive_attr()).weights_desc();
  }

  private matmul.primitive_desc product(
      memory.desc a, memory.desc b, memory.desc to, primitive_attr attributes) {
    return new matmul.primitive_desc(processor, a, b, to, attributes, false);
  }

  /**
   * Creates a matrix product, {@code to = a·b} or {@code to += a·b}, whose operands are set later.
   */
  OneDnnPrimitive product(memory.desc a, memory.desc b, memory.desc to, boolean add) {
    post_ops then = new post_ops();
    if (add) {
      then.append_sum();
    }
    return product(a, b, to, then);
  }

  /** Creates a matrix product whose operands are set later. */
  OneDnnPrimitive product(memory.desc a, memory.desc b, memory.desc to, post_ops then) {
    primitive_attr attributes = new primitive_attr();
    attributes.set_post_ops(then);
    matmul.primitive_desc description = product(a, b, to, attributes);
    OneDnnPrimitive made = product(description, unset(a), unset(b), unset(to));
    description.deallocate(); // The primitive has its own copy. Each takes 0.4 MB.
    return made;
  }

  /** Creates the rounding of {@code n} values to bf16. */
  OneDnnPrimitive rounding(int n) {
    return reorder(
        unset(matrix(1, n, memory.data_type.f32)), unset(matrix(1, n, memory.data_type.bf16)));
  }

  OneDnnPrimitive product(matmul.primitive_desc how, memory a, memory b, memory to) {
    int[] names = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
    return primitive(new matmul(how), names, a, b, to);
  }

  OneDnnPrimitive reorder(memory from, memory to) {
    return primitive(new reorder(from, to), new int[] {DNNL_ARG_FROM, DNNL_ARG_TO}, from, to);
  }

  OneDnnPrimitive primitive(primitive made, int[] names, memory... operands) {
    return new OneDnnPrimitive(made.get(), queue, names, operands);
  }

  /** Creates an operand whose values are set later. */
  memory unset(memory.desc layout) {
    return new memory(layout, processor, (Pointer) null);
  }

  @Override
  public void close() {
    scopes.forEach(PointerScope::close);
    stream.close();
    processor.close();
  }
}
