package dev.mixlaw.train.engine.vector;

import java.nio.FloatBuffer;

/**
 * Memory to which a kernel writes its result in blocks of consecutive values. An implementation may
 * convert each block while it is in the cache.
 */
@FunctionalInterface
public interface RowOutput {
  /** Returns the memory of the current block. */
  FloatBuffer buffer();

  /** Returns the index in the buffer for the first value of a block that begins at {@code at}. */
  default int begin(int at, int length) {
    return at;
  }

  /** Completes the block that {@link #begin} began. */
  default void end() {}

  /** Writes a block. */
  default void put(int at, float[] values, int length) {
    int to = begin(at, length);
    buffer().put(to, values, 0, length);
    end();
  }
}
