package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.function.IntConsumer;

/**
 * A device on which a session computes. A device has lanes, which run in parallel and each process
 * a part of the batch. A CPU has one lane per thread, and a GPU has a single lane.
 */
public interface Device extends Allocator, AutoCloseable {
  int lanes();

  /**
   * Reserves the memory that the session will allocate in total, so that the device can obtain it
   * in a single allocation.
   *
   * @throws OutOfMemoryError if the device has less memory; the message states how much it has
   */
  default void reserve(long bytes) {}

  /** Returns the index of the first of {@code count} items that a lane processes. */
  default int first(int lane, int count) {
    return (int) ((long) lane * count / lanes());
  }

  /**
   * Returns the kernels of a lane. They may be called only within jobs that {@link #onEach} runs.
   */
  DeviceKernels kernels(int lane);

  /**
   * Runs a job on each lane. The job calls kernels. Kernels of a later call of this method see the
   * results of all kernels of this call, but kernels may still be running when this method returns.
   */
  void onEach(IntConsumer job);

  /** Returns the number of bytes that can still be allocated, if it is known. */
  default long free() {
    return Long.MAX_VALUE;
  }

  /** Copies values to the host after all earlier jobs have finished. A job may call this method. */
  void read(Floats from, float[] to, int n);

  /**
   * Starts copying the first {@code n} values, as computed by all previous jobs, to the host. Later
   * jobs need not wait for the copy.
   *
   * @param to receives the values; must not be used until the returned task has run
   * @return a task that waits for the copy; the tasks must be run once each, in the order of the
   *     calls
   */
  default Runnable fetch(Floats from, float[] to, int n) {
    read(from, to, n);
    return () -> {};
  }

  void write(float[] from, Floats to, int n);

  default float[] read(Floats flat, WeightLayout.Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.length())];
    read(flat.slice(tensor.offset(), tensor.length()), values, values.length);
    return values;
  }

  default void write(Floats flat, WeightLayout.Tensor tensor, float[] values) {
    write(values, flat.slice(tensor.offset(), tensor.length()), values.length);
  }

  @Override
  void close();
}
