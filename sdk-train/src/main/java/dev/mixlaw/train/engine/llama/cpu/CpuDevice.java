package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Ints;
import dev.mixlaw.train.engine.vector.LaneThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A device whose lanes are threads of this process. The threads divide the batch rather than each
 * kernel. Threads therefore need not wait for each other between kernels, and small kernels are not
 * divided.
 */
final class CpuDevice implements Device {
  private final LaneThreads lanes;
  private final List<OneDnnKernels> kernels = new ArrayList<>();
  private final List<OffHeapFloats> allocated = new ArrayList<>();
  private final @Nullable Bf16Weights rounded;
  private boolean closed;

  CpuDevice(int lanes, int length, Precision precision) {
    for (int i = 0; i < lanes; i++) {
      kernels.add(new OneDnnKernels(precision, length));
    }
    rounded = precision == Precision.BF16 ? new Bf16Weights(lanes) : null;
    this.lanes = new LaneThreads(lanes, "mixlaw-native", OneDnn::useThisThreadOnly);
  }

  @Override
  public int lanes() {
    return lanes.count();
  }

  @Override
  public DeviceKernels kernels(int lane) {
    return kernels.get(lane);
  }

  @Override
  public void onEach(IntConsumer job) {
    if (rounded != null) {
      rounded.refresh(lanes);
    }
    lanes.onEach(job);
  }

  @Override
  public Floats allocateWeights(long length) {
    return allocate(length, false, rounded);
  }

  @Override
  public Floats allocate(long length) {
    return allocate(length, false, null);
  }

  @Override
  public Floats allocateFactors(long length) {
    return allocate(length, rounded != null, null);
  }

  private Floats allocate(long length, boolean factor, @Nullable Bf16Weights weights) {
    OffHeapFloats memory = OffHeapFloats.allocate(length, factor, weights);
    allocated.add(memory);
    return memory;
  }

  @Override
  public Ints allocateIds(int length) {
    return new HeapInts(new int[length]);
  }

  @Override
  public long free() {
    return OffHeapFloats.free();
  }

  @Override
  public void read(Floats from, float[] to, int n) {
    OffHeapFloats.of(from).buffer().get(0, to, 0, n);
  }

  @Override
  public void write(float[] from, Floats to, int n) {
    OffHeapFloats.written(to).buffer().put(0, from, 0, n);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    lanes.close();
    kernels.forEach(OneDnnKernels::close);
    if (rounded != null) {
      rounded.close();
    }
    allocated.forEach(OffHeapFloats::close);
  }
}
