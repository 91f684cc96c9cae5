package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.DeviceProfile;
import dev.mixlaw.train.engine.llama.Ids;
import dev.mixlaw.train.engine.llama.Kernels;
import dev.mixlaw.train.engine.llama.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads of this process, each a lane. Splitting the batch, rather than each kernel, keeps them
 * busy where kernels are too small to be worth dividing, and needs no waiting between kernels.
 */
final class CpuDevice implements Device {
  private final Lanes lanes;
  private final List<CpuKernels> kernels = new ArrayList<>();
  private final List<OffHeap> allocated = new ArrayList<>();
  private final @Nullable RoundedWeights rounded;
  private boolean closed;

  /**
   * @param length most tokens of a sequence
   */
  CpuDevice(int lanes, int length, Precision precision) {
    for (int i = 0; i < lanes; i++) {
      kernels.add(new CpuKernels(products(precision), precision, length));
    }
    rounded = precision == Precision.BF16 ? new RoundedWeights(lanes) : null;
    this.lanes = new Lanes(lanes);
  }

  private static Products products(Precision precision) {
    return switch (precision) {
      case FP32 -> new SinglePrecision();
      case BF16 -> new BrainFloat();
    };
  }

  @Override
  public int lanes() {
    return lanes.count();
  }

  @Override
  public Kernels kernels(int lane) {
    return kernels.get(lane);
  }

  /** Of the products that are fastest here, whatever this session's are in. */
  @Override
  public Optional<DeviceProfile> profile() {
    return Optional.of(
        new LaneProfile(lanes, OneDnn.hasFastBf16() ? Precision.BF16 : Precision.FP32));
  }

  @Override
  public void onEach(IntConsumer job) {
    if (rounded != null) {
      rounded.refresh(lanes);
    }
    lanes.onEach(job);
  }

  @Override
  public Values allocateWeights(long length) {
    OffHeap memory = OffHeap.allocate(length, rounded);
    allocated.add(memory);
    return memory;
  }

  @Override
  public Values allocate(long length) {
    OffHeap memory = OffHeap.allocate(length);
    allocated.add(memory);
    return memory;
  }

  @Override
  public Ids allocateIds(int length) {
    return new HostIds(new int[length]);
  }

  @Override
  public long free() {
    return OffHeap.free();
  }

  @Override
  public void read(Values from, float[] to, int n) {
    OffHeap.of(from).buffer().get(0, to, 0, n);
  }

  @Override
  public void write(float[] from, Values to, int n) {
    OffHeap.written(to).buffer().put(0, from, 0, n);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    lanes.close();
    kernels.forEach(CpuKernels::close);
    if (rounded != null) {
      rounded.close();
    }
    allocated.forEach(OffHeap::close);
  }
}
