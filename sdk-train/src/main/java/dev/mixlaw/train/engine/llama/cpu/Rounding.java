package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.vector.RowOutput;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Rounds values to bf16, once after each change of the values. */
final class Rounding implements AutoCloseable {
  private final OneDnnStream oneDnn = new OneDnnStream();
  private final ShapeCache<OneDnnPrimitive> known = new ShapeCache<>();
  private OffHeapFloats block = OffHeapFloats.allocate(0);

  /** Returns at least the first {@code length} values in bf16. */
  BytePointer rounded(OffHeapFloats values, long length) {
    if (!values.isRounded(length)) {
      round(values.pointer(), values.rounded(0), (int) length);
      values.markRounded(length);
    }
    return values.rounded(0);
  }

  void round(Pointer from, Pointer to, int n) {
    OneDnnPrimitive there = known.get(n, 0, 0, 0);
    if (there == null) {
      there = known.put(n, 0, 0, 0, oneDnn.keep(() -> oneDnn.rounding(n)));
    }
    there.set(0, from).set(1, to).run();
  }

  /** Returns an output of a kernel that keeps the values only in bf16. */
  RowOutput output(OffHeapFloats to) {
    return new RowOutput() {
      private int first;
      private int length;

      @Override
      public FloatBuffer buffer() {
        return block.buffer();
      }

      @Override
      public int begin(int at, int n) {
        block = block.atLeast(n);
        first = at;
        length = n;
        return 0;
      }

      @Override
      public void end() {
        round(block.pointer(), to.rounded(first), length);
        to.markOnlyRounded();
      }
    };
  }

  @Override
  public void close() {
    oneDnn.close();
    block.close();
  }
}
