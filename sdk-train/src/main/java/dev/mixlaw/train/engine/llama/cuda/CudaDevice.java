package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Ints;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;

/**
 * A GPU as a device with one lane. Kernel calls are collected as commands, which are submitted at
 * the end of a job. All memory comes from one pool.
 */
final class CudaDevice implements Device {
  private static final int READBACK_BYTES = 4 << 20;

  /** Number of bytes that are reserved for the driver's code and graphs. */
  static final long DRIVER_RESERVE = 256L << 20;

  private final NvidiaCard card;
  private final boolean bf16;
  private final CardMemoryPool pool;
  private final StagingBuffers staging;
  private final CommandBuffer commands;
  private final CudaKernels kernels;
  private final NvidiaCard.Pinned back;
  private final Deque<Readback> unused = new ArrayDeque<>();
  private boolean inJob;
  private boolean closed;

  /**
   * Opens a GPU as a device.
   *
   * @param card the GPU, which the device owns and closes; also closed if this method throws an
   *     exception
   */
  static CudaDevice on(NvidiaCard card, boolean bf16) {
    try {
      return new CudaDevice(card, bf16);
    } catch (RuntimeException | Error e) {
      card.close();
      throw e;
    }
  }

  private CudaDevice(NvidiaCard card, boolean bf16) {
    this.card = card;
    this.bf16 = bf16;
    pool = new CardMemoryPool(card);
    staging = new StagingBuffers(card, pool);
    commands = new CommandBuffer(card);
    kernels = new CudaKernels(card, commands, staging, pool);
    back = card.allocatePinned(READBACK_BYTES);
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public DeviceKernels kernels(int lane) {
    return kernels;
  }

  @Override
  public void onEach(IntConsumer job) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    inJob = true;
    try {
      kernels.beginJob();
      job.accept(0);
    } catch (RuntimeException | Error e) {
      commands.clear();
      staging.discard();
      throw e;
    } finally {
      inJob = false;
    }
    play();
  }

  private void play() {
    staging.submit(commands::submit);
  }

  private void await() {
    card.synchronize();
    staging.allDone();
  }

  @Override
  public void reserve(long bytes) {
    // The workspace of cuBLAS is allocated already.
    pool.reserve(Math.max(0, bytes - CublasMatmul.WORKSPACE));
    long left = card.freeMemory();
    if (left < DRIVER_RESERVE) {
      throw new OutOfMemoryError(
          left + " bytes would be left on the card; the driver needs " + DRIVER_RESERVE);
    }
  }

  @Override
  public long free() {
    return Math.max(0, card.freeMemory() - DRIVER_RESERVE);
  }

  @Override
  public Floats allocate(long length) {
    return new CudaFloats(pool.allocate(length * Float.BYTES), length, false, 0);
  }

  @Override
  public Floats allocateActivations(long length) {
    return new CudaFloats(pool.allocate(length * CudaFloats.bytes(bf16)), length, bf16, 0);
  }

  @Override
  public Floats allocateWeights(long length) {
    long copy = bf16 ? pool.allocate(length * Short.BYTES) : 0;
    return new CudaFloats(pool.allocate(length * Float.BYTES), length, false, copy);
  }

  @Override
  public Ints allocateIds(int length) {
    return new CudaIds(pool.allocate((long) length * Integer.BYTES));
  }

  final class CudaIds implements Ints {
    private final long address;

    private CudaIds(long address) {
      this.address = address;
    }

    long address() {
      return address;
    }

    @Override
    public void put(int[] from, int n) {
      int bytes = n * Integer.BYTES;
      commands.copy(
          staging.stage(bytes, buffer -> buffer.asIntBuffer().put(from, 0, n)), address, bytes);
      if (!inJob) {
        play();
      }
    }
  }

  @Override
  public void read(Floats from, float[] to, int n) {
    CudaFloats values = CudaFloats.of(from);
    int each = CudaFloats.bytes(values.bf16());
    for (int at = 0; at < n; at += READBACK_BYTES / each) {
      int count = Math.min(READBACK_BYTES / each, n - at);
      card.download(values.address() + (long) at * each, back.address(), (long) count * each);
      await();
      take(back.buffer(), values.bf16(), to, at, count);
    }
  }

  private static void take(ByteBuffer from, boolean bf16, float[] to, int at, int count) {
    if (bf16) {
      for (int i = 0; i < count; i++) {
        to[at + i] = Bf16Rounding.widen(from.getShort(i * Short.BYTES));
      }
    } else {
      from.asFloatBuffer().get(0, to, at, count);
    }
  }

  @Override
  public Runnable fetch(Floats from, float[] to, int n) {
    CudaFloats values = CudaFloats.of(from);
    int bytes = Math.multiplyExact(n, CudaFloats.bytes(values.bf16()));
    Readback place =
        unused.stream()
            .filter(f -> f.pinned.capacity() >= bytes)
            .findFirst()
            .orElseGet(() -> new Readback(card.allocatePinned(bytes), card.createEvent()));
    unused.remove(place);
    card.download(values.address(), place.pinned.address(), bytes);
    card.recordEvent(NvidiaCard.Stream.COMPUTE, place.there);
    return () -> {
      card.awaitEvent(place.there);
      take(place.pinned.buffer(), values.bf16(), to, 0, n);
      unused.add(place);
    };
  }

  /** Host memory to which values are being copied, and the event that follows the copy. */
  private record Readback(NvidiaCard.Pinned pinned, long there) {}

  @Override
  public void write(float[] from, Floats to, int n) {
    CudaFloats values = CudaFloats.of(to);
    int each = CudaFloats.bytes(values.bf16());
    for (int at = 0; at < n; at += READBACK_BYTES / each) {
      int count = Math.min(READBACK_BYTES / each, n - at);
      ByteBuffer buffer = back.buffer();
      if (values.bf16()) {
        for (int i = 0; i < count; i++) {
          buffer.putShort(i * Short.BYTES, Bf16Rounding.round(from[at + i]));
        }
      } else {
        buffer.asFloatBuffer().put(0, from, at, count);
      }
      card.upload(
          NvidiaCard.Stream.COMPUTE,
          back.address(),
          values.address() + (long) at * each,
          (long) count * each);
      await();
    }
    if (values.copy() != 0) {
      kernels.round(values, n);
      play();
    }
  }

  /** Closes the GPU, even after an error that prevents further work. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      card.close();
    }
  }
}
