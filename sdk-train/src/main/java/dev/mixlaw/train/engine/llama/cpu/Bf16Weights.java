package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.vector.LaneThreads;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Weights in bf16 in the layouts that oneDNN prefers, one for each direction. They are updated once
 * after each change, and all lanes read them.
 */
final class Bf16Weights implements AutoCloseable {
  /**
   * Number of rows for which layouts are chosen, in any order of first use: layouts affect the bits
   * of results.
   */
  private static final int ROWS = 512;

  private final int lanes;
  private final engine processor = new engine(engine.kind.cpu, 0);
  private final stream stream = new stream(processor);
  private final dnnl_stream queue = stream.get();
  private volatile Matrix[] known = new Matrix[0];
  private final IntConsumer share = this::refresh;
  private volatile boolean stale;

  Bf16Weights(int lanes) {
    this.lanes = lanes;
  }

  /** Returns the number of bytes that the rounded weights need. */
  static long bytes(SessionSpec spec, boolean trained) {
    ModelSpec model = spec.model();
    long width = model.width();
    long qkv = width + 2L * model.keyValueHeads() * model.headSize();
    long block = width * (qkv + width + 3L * model.feedForward());
    long values = model.layers() * block + width * spec.vocabulary();
    return values * Short.BYTES * (trained ? 2 : 1);
  }

  /**
   * Marks the weights as changed. Must be called after weights were written, while no product is
   * running.
   */
  void changed() {
    stale = true;
  }

  /** Rounds all weights again if any were written. */
  void refresh(LaneThreads on) {
    if (stale) {
      on.onEach(share);
      stale = false;
    }
  }

  private void refresh(int lane) {
    Matrix[] all = known;
    for (int i = lane; i < all.length; i += lanes) {
      all[i].round();
    }
  }

  /**
   * Returns a matrix in the layout of one direction.
   *
   * @param w {@code [out, in]}
   * @param back whether to multiply by the matrix itself instead of its transpose
   */
  Matrix of(OffHeapFloats w, int in, int out, boolean back) {
    Matrix there = find(w, back);
    return there != null ? there : make(w, in, out, back);
  }

  private @Nullable Matrix find(OffHeapFloats w, boolean back) {
    for (Matrix m : known) {
      if (m.back == back && m.weights.pointer().address() == w.pointer().address()) {
        return m;
      }
    }
    return null;
  }

  private synchronized Matrix make(OffHeapFloats w, int in, int out, boolean back) {
    Matrix meanwhile = find(w, back);
    if (meanwhile != null) {
      return meanwhile;
    }
    Matrix made = new Matrix(w, in, out, back);
    made.round();
    Matrix[] more = Arrays.copyOf(known, known.length + 1);
    more[known.length] = made;
    known = more;
    return made;
  }

  @Override
  public void close() {
    for (Matrix m : known) {
      m.scope.close();
    }
    stream.close();
    processor.close();
  }

  /** One matrix for one direction. */
  final class Matrix {
    private final OffHeapFloats weights;
    private final boolean back;
    private final PointerScope scope;
    private final OneDnnPrimitive round;

    /** The layout in which products read it. */
    final memory.desc layout;

    /** The rounded values. */
    final Pointer values;

    private Matrix(OffHeapFloats weights, int in, int out, boolean back) {
      this.weights = weights;
      this.back = back;
      long[] shape = back ? new long[] {out, in} : new long[] {in, out};
      // Frees everything that is created here together.
      try (PointerScope made = new PointerScope()) {
        memory.desc given =
            new memory.desc(
                shape, memory.data_type.f32, back ? new long[] {in, 1} : new long[] {1, in});
        layout =
            new matmul.primitive_desc(
                    processor,
                    new memory.desc(
                        new long[] {ROWS, shape[0]},
                        memory.data_type.bf16,
                        new long[] {shape[0], 1}),
                    new memory.desc(shape, memory.data_type.bf16, memory.format_tag.any),
                    new memory.desc(
                        new long[] {ROWS, shape[1]},
                        memory.data_type.f32,
                        new long[] {shape[1], 1}),
                    new primitive_attr(),
                    false)
                .weights_desc();
        memory from = new memory(given, processor, weights.pointer());
        memory to = new memory(layout, processor);
        values = to.get_data_handle();
        round = OneDnnPrimitive.reorder(new reorder(from, to), from, to);
        made.extend();
        scope = made;
      }
    }

    private void round() {
      round.run(queue);
    }
  }
}
