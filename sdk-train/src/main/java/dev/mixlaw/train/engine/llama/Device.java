package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.function.IntConsumer;

/**
 * The device on which a session computes. It has lanes that run in parallel, each on its share of a
 * batch. A CPU has one lane per thread, a GPU has a single lane.
 */
public interface Device extends Allocator, AutoCloseable {
  /** Returns the number of lanes. */
  int lanes();

  /**
   * Announces how much memory the session will allocate in total, so that the device can reserve it
   * in a single allocation.
   *
   * @throws OutOfMemoryError if the device has less memory; the message states how much it has
   */
  default void reserve(long bytes) {}

  /** Returns the index of the first of {@code count} items that belongs to a lane. */
  default int first(int lane, int count) {
    return (int) ((long) lane * count / lanes());
  }

  /** Returns the kernels of a lane; may be called only within {@link #onEach}. */
  DeviceKernels kernels(int lane);

  /**
   * Runs a job of kernel calls on each lane. All kernels of one call take effect before any kernel
   * of the next call; they may still be running when this method returns.
   */
  void onEach(IntConsumer job);

  /** Returns the number of bytes that can still be allocated, as far as is known. */
  default long free() {
    return Long.MAX_VALUE;
  }

  /**
   * Copies the first {@code n} values to the host after all kernels of earlier jobs have finished.
   * This method may be called within a job.
   */
  void read(Floats from, float[] to, int n);

  /**
   * Starts copying the first {@code n} values, as computed by the jobs so far, to the host. Later
   * jobs need not wait for the copy.
   *
   * @param to receives the values; it must not be used until the copy has been waited for
   * @return a task that waits for the copy; run each task once, in the order in which this method
   *     returned the tasks
   */
  default Runnable fetch(Floats from, float[] to, int n) {
    read(from, to, n);
    return () -> {};
  }

  /** Copies {@code n} values to the device. */
  void write(float[] from, Floats to, int n);

  /** Returns the values of one tensor in a flat array. */
  default float[] read(Floats flat, WeightLayout.Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.length())];
    read(flat.slice(tensor.offset(), tensor.length()), values, values.length);
    return values;
  }

  /** Sets the values of one tensor in a flat array. */
  default void write(Floats flat, WeightLayout.Tensor tensor, float[] values) {
    write(values, flat.slice(tensor.offset(), tensor.length()), values.length);
  }

  /** Waits for all kernels to finish and frees all memory. */
  @Override
  void close();
}
