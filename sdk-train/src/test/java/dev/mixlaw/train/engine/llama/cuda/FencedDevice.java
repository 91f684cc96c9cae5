package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Ints;
import java.util.function.IntConsumer;

/** A device that surrounds each allocation with memory that kernels must not access. */
final class FencedDevice implements Device {
  /** Number of values before and after an allocation. It preserves the alignment of vectors. */
  private static final int FENCE = 64;

  private final CudaDevice device;

  FencedDevice(CudaDevice device) {
    this.device = device;
  }

  private static Floats fenced(Floats all, long length) {
    CudaFloats whole = CudaFloats.of(all);
    int each = CudaFloats.bytes(whole.bf16());
    fence(whole.address(), length, each);
    if (whole.copy() != 0) {
      fence(whole.copy(), length, Short.BYTES);
    }
    return whole.slice(FENCE, length);
  }

  private static void fence(long address, long length, int each) {
    forbid(address, (long) FENCE * each);
    forbid(address + (FENCE + length) * each, (long) FENCE * each);
  }

  private static void forbid(long address, long bytes) {
    FakeCudaPlatform.call("fakeForbid", void.class, address, bytes);
  }

  @Override
  public Floats allocate(long length) {
    return fenced(device.allocate(length + 2 * FENCE), length);
  }

  @Override
  public Floats allocateActivations(long length) {
    return fenced(device.allocateActivations(length + 2 * FENCE), length);
  }

  @Override
  public Floats allocateWeights(long length) {
    return fenced(device.allocateWeights(length + 2 * FENCE), length);
  }

  @Override
  public Ints allocateIds(int length) {
    return device.allocateIds(length);
  }

  @Override
  public void reserve(long bytes) {
    device.reserve(bytes);
  }

  @Override
  public long free() {
    return device.free();
  }

  @Override
  public Runnable fetch(Floats from, float[] to, int n) {
    return device.fetch(from, to, n);
  }

  @Override
  public int lanes() {
    return device.lanes();
  }

  @Override
  public DeviceKernels kernels(int lane) {
    return device.kernels(lane);
  }

  @Override
  public void onEach(IntConsumer job) {
    device.onEach(job);
  }

  @Override
  public void read(Floats from, float[] to, int n) {
    device.read(from, to, n);
  }

  @Override
  public void write(float[] from, Floats to, int n) {
    device.write(from, to, n);
  }

  @Override
  public void close() {
    device.close();
  }
}
