package dev.mixlaw.train.engine.llama.cpu;

import static org.bytedeco.dnnl.memory.data_type.bf16;
import static org.bytedeco.dnnl.memory.data_type.f32;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.vector.LaneThreads;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** Weights in bf16, in the layouts that oneDNN prefers and shared by all lanes. */
final class Bf16Weights implements AutoCloseable {
  /**
   * Number of rows for which layouts are chosen. The number is fixed because the layout affects the
   * last bits of results.
   */
  private static final int ROWS = 512;

  private final int lanes;
  private final OneDnnStream oneDnn = new OneDnnStream();
  private final List<Matrix> known = new CopyOnWriteArrayList<>();

  /** Memory of each lane for the largest rounded matrix. */
  private final OffHeapFloats[] plain;

  private final IntConsumer share = this::refresh;
  private volatile boolean stale;

  Bf16Weights(int lanes) {
    this.lanes = lanes;
    plain = new OffHeapFloats[lanes];
    Arrays.setAll(plain, i -> OffHeapFloats.allocate(0));
  }

  static long bytes(SessionSpec spec, boolean trained) {
    ModelSpec model = spec.model();
    long width = model.width();
    long qkv = width + 2L * model.keyValueHeads() * model.headSize();
    long block = width * (qkv + width + 3L * model.feedForward());
    long values = model.layers() * block + width * spec.vocabulary();
    long largest = width * Math.max(Math.max(qkv, 2L * model.feedForward()), spec.vocabulary());
    return Short.BYTES * (trained ? 2 * values + spec.threads() * largest : values);
  }

  /** Marks the weights as changed. No product may be running. */
  void changed() {
    stale = true;
  }

  void refresh(LaneThreads on) {
    if (stale) {
      on.onEach(share);
      stale = false;
    }
  }

  private void refresh(int lane) {
    for (int i = lane; i < known.size(); i += lanes) {
      known.get(i).refresh(plain[lane]);
    }
  }

  /**
   * Returns a matrix of shape {@code [out, in]} in the layout for the forward or backward pass.
   *
   * @param back whether products use the matrix itself, as in the backward pass, instead of its
   *     transpose
   */
  Matrix of(OffHeapFloats w, int in, int out, boolean back) {
    Matrix there = find(w, back);
    return there != null ? there : make(w, in, out, back);
  }

  private @Nullable Matrix find(OffHeapFloats w, boolean back) {
    for (int i = 0; i < known.size(); i++) {
      Matrix m = known.get(i);
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
    Matrix made = oneDnn.keep(() -> matrix(w, in, out, back));
    for (int i = 0; back && i < lanes; i++) {
      plain[i] = plain[i].atLeast(((long) in * out + 1) / 2);
    }
    made.refresh(plain[0]); // the lanes never refresh at the same time as they multiply
    known.add(made);
    return made;
  }

  private Matrix matrix(OffHeapFloats w, int in, int out, boolean back) {
    memory.desc layout = oneDnn.preferred(ROWS, back ? out : in, back ? in : out, bf16);
    memory to = new memory(layout, oneDnn.processor);
    // oneDNN rounds and packs in two steps three times as fast as in one, except for transposes.
    memory.desc given =
        back ? OneDnnStream.matrix(out, in, bf16) : OneDnnStream.transposed(in, out, f32);
    OneDnnPrimitive pack = oneDnn.reorder(oneDnn.unset(given), to);
    OneDnnPrimitive round = back ? oneDnn.rounding(in * out) : null;
    return new Matrix(w, back, layout, to.get_data_handle(), round, pack);
  }

  @Override
  public void close() {
    oneDnn.close();
    Arrays.stream(plain).forEach(OffHeapFloats::close);
  }

  /** A weight matrix in the layout for one pass, and the primitives that round and pack it. */
  record Matrix(
      OffHeapFloats weights,
      boolean back,
      memory.desc layout,
      Pointer values,
      @Nullable OneDnnPrimitive round,
      OneDnnPrimitive pack) {
    void refresh(OffHeapFloats plain) {
      if (round == null) {
        pack.set(0, weights.pointer()).run();
      } else {
        round.set(0, weights.pointer()).set(1, plain.pointer()).run();
        pack.set(0, plain.pointer()).run();
      }
    }
  }
}
