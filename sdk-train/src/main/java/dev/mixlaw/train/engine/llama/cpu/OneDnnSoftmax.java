package dev.mixlaw.train.engine.llama.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;

/** A softmax that uses oneDNN's vectorized primitives. */
final class OneDnnSoftmax implements Softmax {
  private final OneDnnStream oneDnn = new OneDnnStream();
  private final ShapeCache<Shaped> known = new ShapeCache<>();

  private record Shaped(OneDnnPrimitive forward, OneDnnPrimitive backward) {}

  @Override
  public void forward(
      OffHeapFloats x, long offset, OffHeapFloats to, int rows, int columns, float factor) {
    OneDnnPrimitive softmax = shaped(rows, columns, factor).forward();
    softmax.set(0, x.handle(offset)).set(1, to.pointer()).run();
  }

  @Override
  public void backward(OffHeapFloats w, OffHeapFloats d, int rows, int columns) {
    shaped(rows, columns, 1).backward().set(0, w.pointer()).set(1, d.pointer()).run();
  }

  private Shaped shaped(int rows, int columns, float factor) {
    int bits = Float.floatToRawIntBits(factor);
    Shaped there = known.get(rows, columns, bits, 0);
    return there != null
        ? there
        : known.put(rows, columns, bits, 0, oneDnn.keep(() -> make(rows, columns, factor)));
  }

  private Shaped make(int rows, int columns, float factor) {
    memory.desc plain = OneDnnStream.matrix(rows, columns, memory.data_type.f32);
    return new Shaped(
        forward(oneDnn, oneDnn.unset(plain), oneDnn.unset(plain), factor),
        backward(oneDnn, oneDnn.unset(plain), oneDnn.unset(plain)));
  }

  /** Creates {@code factor·softmax} of each row. */
  static OneDnnPrimitive forward(OneDnnStream oneDnn, memory from, memory to, float factor) {
    primitive_attr attributes = new primitive_attr();
    if (factor != 1) {
      post_ops times = new post_ops();
      times.append_eltwise(algorithm.eltwise_linear, factor, 0);
      attributes.set_post_ops(times);
    }
    return oneDnn.primitive(
        new softmax_forward(forward(oneDnn, from.get_desc(), to.get_desc(), attributes)),
        new int[] {DNNL_ARG_SRC, DNNL_ARG_DST},
        from,
        to);
  }

  private static softmax_forward.primitive_desc forward(
      OneDnnStream oneDnn, memory.desc from, memory.desc to, primitive_attr attributes) {
    return new softmax_forward.primitive_desc(
        oneDnn.processor,
        prop_kind.forward_training,
        algorithm.softmax_accurate,
        from,
        to,
        1,
        attributes,
        false);
  }

  /** Creates the gradient of a softmax {@code w} of each row, which replaces {@code d}. */
  static OneDnnPrimitive backward(OneDnnStream oneDnn, memory w, memory d) {
    memory.desc each = w.get_desc();
    softmax_backward.primitive_desc back =
        new softmax_backward.primitive_desc(
            oneDnn.processor,
            algorithm.softmax_accurate,
            each,
            each,
            each,
            1,
            forward(oneDnn, each, each, new primitive_attr()));
    int[] names = {DNNL_ARG_DST, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC};
    return oneDnn.primitive(new softmax_backward(back), names, w, d, d);
  }

  @Override
  public void close() {
    oneDnn.close();
  }
}
