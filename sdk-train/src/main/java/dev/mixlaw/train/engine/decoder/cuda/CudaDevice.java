package dev.mixlaw.train.engine.decoder.cuda;

import dev.mixlaw.train.engine.decoder.Device;
import dev.mixlaw.train.engine.decoder.Ids;
import dev.mixlaw.train.engine.decoder.Kernels;
import dev.mixlaw.train.engine.decoder.Values;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/** A card as a device of one lane: work is written on a tape and played, memory is one pool. */
final class CudaDevice implements Device {
  private static final int BACK = 4 << 20;

  private final Card card;
  private final boolean rounded;
  private final Pool pool;
  private final Staging staging;
  private final Tape tape;
  private final CudaKernels kernels;
  private final Card.Pinned back;
  private boolean inJob;
  private boolean closed;

  /**
   * @param card its own, closed with it
   * @param rounded whether activations are bf16
   */
  CudaDevice(Card card, boolean rounded) {
    this.card = card;
    this.rounded = rounded;
    pool = new Pool(card);
    staging = new Staging(card);
    tape = new Tape(card);
    kernels = new CudaKernels(card, tape, staging, pool);
    back = card.pinned(BACK);
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public Kernels kernels(int lane) {
    return kernels;
  }

  @Override
  public void onEach(IntConsumer job) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    if (staging.full()) {
      await();
    }
    inJob = true;
    try {
      kernels.beginJob();
      job.accept(0);
    } catch (RuntimeException | Error e) {
      tape.discard();
      throw e;
    } finally {
      inJob = false;
    }
    tape.play();
  }

  private void await() {
    card.await();
    staging.arrived();
  }

  @Override
  public void reserve(long bytes) {
    pool.reserve(bytes);
  }

  @Override
  public Values allocate(long length) {
    return new CudaValues(pool.take(length * Float.BYTES), length, false, 0);
  }

  @Override
  public Values allocateActivations(long length) {
    return new CudaValues(pool.take(length * CudaValues.bytes(rounded)), length, rounded, 0);
  }

  @Override
  public Values allocateWeights(long length) {
    long copy = rounded ? pool.take(length * Short.BYTES) : 0;
    return new CudaValues(pool.take(length * Float.BYTES), length, false, copy);
  }

  @Override
  public Ids allocateIds(int length) {
    return new CudaIds(pool.take((long) length * Integer.BYTES));
  }

  /** Token ids. */
  final class CudaIds implements Ids {
    private final long address;

    private CudaIds(long address) {
      this.address = address;
    }

    long address() {
      return address;
    }

    @Override
    public void put(int[] from, int n) {
      long pinned =
          staging.stage(n * Integer.BYTES, buffer -> buffer.asIntBuffer().put(from, 0, n));
      tape.upload(pinned, address, (long) n * Integer.BYTES);
      if (!inJob) {
        tape.play();
      }
    }
  }

  @Override
  public void read(Values from, float[] to, int n) {
    CudaValues values = CudaValues.of(from);
    int each = CudaValues.bytes(values.rounded());
    for (int at = 0; at < n; at += BACK / each) {
      int count = Math.min(BACK / each, n - at);
      card.download(values.address() + (long) at * each, back.address(), (long) count * each);
      await();
      ByteBuffer buffer = back.buffer();
      if (values.rounded()) {
        for (int i = 0; i < count; i++) {
          to[at + i] = Rounding.widen(buffer.getShort(i * Short.BYTES));
        }
      } else {
        buffer.asFloatBuffer().get(0, to, at, count);
      }
    }
  }

  @Override
  public void write(float[] from, Values to, int n) {
    CudaValues values = CudaValues.of(to);
    int each = CudaValues.bytes(values.rounded());
    for (int at = 0; at < n; at += BACK / each) {
      int count = Math.min(BACK / each, n - at);
      ByteBuffer buffer = back.buffer();
      if (values.rounded()) {
        for (int i = 0; i < count; i++) {
          buffer.putShort(i * Short.BYTES, Rounding.round(from[at + i]));
        }
      } else {
        buffer.asFloatBuffer().put(0, from, at, count);
      }
      card.upload(back.address(), values.address() + (long) at * each, (long) count * each);
      await();
    }
    if (values.copy() != 0) {
      kernels.round(values, n);
      tape.play();
    }
  }

  /** Also after a failure of the card, when nothing is done any more. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      card.close();
    }
  }
}
