package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.function.IntConsumer;

/**
 * Where a session computes. A device has lanes that compute side by side, each on its part of a
 * batch: a CPU one for each thread, a GPU a single one.
 */
public interface Device extends Allocator, AutoCloseable {
  int lanes();

  /** Says how many bytes will be asked for in all: a device may take them at once. */
  default void reserve(long bytes) {}

  /** First of {@code count} things that is a lane's. */
  default int first(int lane, int count) {
    return (int) ((long) lane * count / lanes());
  }

  /** What a lane computes with; to be called in {@link #onEach} only. */
  DeviceKernels kernels(int lane);

  /**
   * Gives each lane a job of kernel calls. They take effect in order, all of one call before any of
   * the next; they may still be under way when this returns.
   */
  void onEach(IntConsumer job);

  /** Bytes that can still be allocated, as far as is known. */
  default long free() {
    return Long.MAX_VALUE;
  }

  /**
   * Copies the first {@code n} values here, when all kernels of jobs before are done; also within a
   * job.
   */
  void read(DeviceFloats from, float[] to, int n);

  /**
   * Begins to copy the first {@code n} values here, as the jobs so far leave them: jobs after it
   * need not wait.
   *
   * @param to is left alone until the copy was waited for
   * @return waits for the copy; to be run once, in the order of these calls
   */
  default Runnable fetch(DeviceFloats from, float[] to, int n) {
    read(from, to, n);
    return () -> {};
  }

  /** Copies {@code n} values there. */
  void write(float[] from, DeviceFloats to, int n);

  /** Values of a tensor of a flat array. */
  default float[] read(DeviceFloats flat, WeightLayout.Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.length())];
    read(flat.slice(tensor.offset(), tensor.length()), values, values.length);
    return values;
  }

  /** Sets a tensor of a flat array. */
  default void write(DeviceFloats flat, WeightLayout.Tensor tensor, float[] values) {
    write(values, flat.slice(tensor.offset(), tensor.length()), values.length);
  }

  /** Gives all memory back, once all kernels are done. */
  @Override
  void close();
}
