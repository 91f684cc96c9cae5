package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.DeviceFloats;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** Native memory, as oneDNN and as Java see it. */
final class OffHeapFloats implements DeviceFloats, AutoCloseable {
  /** Values that a direct buffer can hold. */
  static final long LARGEST = Integer.MAX_VALUE / Float.BYTES;

  /** A cache line: aligned memory is read with fewer loads. */
  private static final int ALIGNMENT = 64;

  private final Origin origin;
  private final long offset;
  private final FloatPointer pointer;
  private final FloatBuffer buffer;
  private final long length;
  private final FloatPointer[] cursors;
  private final BytePointer handle;
  private @Nullable BytePointer rounded;
  private long roundedLength;
  private int roundedVersion;

  /** What is allocated at once, of which each is a part. */
  private static final class Origin {
    private final FloatPointer memory;
    private final long length;
    private final @Nullable Bf16Weights weights;
    private @Nullable BytePointer rounded;

    /** Number of writes, to know what was rounded since. */
    private int version;

    Origin(FloatPointer memory, long length, @Nullable Bf16Weights weights) {
      this.memory = memory;
      this.length = length;
      this.weights = weights;
    }
  }

  /** Zeros. */
  static OffHeapFloats allocate(long length) {
    return allocate(length, null);
  }

  /**
   * Zeros.
   *
   * @param weights what keeps them rounded, if they are weights
   */
  static OffHeapFloats allocate(long length, @Nullable Bf16Weights weights) {
    FloatPointer owner = new FloatPointer(length + ALIGNMENT / Float.BYTES);
    Pointer.memset(owner, 0, (length + ALIGNMENT / Float.BYTES) * Float.BYTES);
    long skip = (ALIGNMENT - owner.address() % ALIGNMENT) % ALIGNMENT / Float.BYTES;
    return new OffHeapFloats(new Origin(owner, length, weights), owner.getPointer(skip), 0, length);
  }

  /** Bytes that can still be allocated: by JavaCPP's limits, and in the machine's memory. */
  static long free() {
    long free = Pointer.availablePhysicalBytes();
    if (free <= 0) {
      free = Long.MAX_VALUE; // not known here
    }
    if (Pointer.maxBytes() > 0) {
      free = Math.min(free, Pointer.maxBytes() - Pointer.totalBytes());
    }
    if (Pointer.maxPhysicalBytes() > 0) {
      free = Math.min(free, Pointer.maxPhysicalBytes() - Pointer.physicalBytes());
    }
    return free;
  }

  /**
   * @param base of the whole
   */
  private OffHeapFloats(Origin origin, FloatPointer base, long offset, long length) {
    this.origin = origin;
    this.offset = offset;
    this.length = length;
    // An address of its own: JavaCPP counts positions in bytes where a call takes any pointer.
    pointer = base.getPointer(offset);
    buffer = pointer.getPointer(0).capacity(length).asBuffer();
    handle = new BytePointer(pointer);
    cursors = new FloatPointer[4];
    for (int i = 0; i < cursors.length; i++) {
      cursors[i] = pointer.getPointer(0);
    }
  }

  static OffHeapFloats of(DeviceFloats values) {
    return (OffHeapFloats) values;
  }

  /** Those, about to be written. */
  static OffHeapFloats written(DeviceFloats values) {
    OffHeapFloats these = of(values);
    these.origin.version++;
    if (these.origin.weights != null) {
      these.origin.weights.changed();
    }
    return these;
  }

  /** What keeps them rounded for all lanes, if they are weights. */
  @Nullable Bf16Weights weights() {
    return origin.weights;
  }

  /** Memory for them in bf16, of the whole's kind; taken when first asked for. */
  BytePointer rounded() {
    if (rounded == null) {
      if (origin.rounded == null) {
        origin.rounded = new BytePointer(origin.length * Short.BYTES);
      }
      rounded = origin.rounded.getPointer(offset * Short.BYTES);
    }
    return rounded;
  }

  /** Whether the first so many lie there as they are now. */
  boolean isRounded(long n) {
    return roundedLength >= n && roundedVersion == origin.version;
  }

  void markRounded(long n) {
    roundedLength = n;
    roundedVersion = origin.version;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public OffHeapFloats slice(long offset, long part) {
    if (offset < 0 || part < 0 || offset + part > length) {
      throw new IndexOutOfBoundsException(part + " values from " + offset + " of " + length);
    }
    return new OffHeapFloats(origin, pointer.getPointer(-this.offset), this.offset + offset, part);
  }

  FloatPointer pointer() {
    return pointer;
  }

  /** The first values; at most {@link #LARGEST}. */
  FloatBuffer buffer() {
    return buffer;
  }

  /**
   * One of four pointers to be moved about, so that none is made in a step.
   *
   * @param offset of the value it is to point to
   */
  FloatPointer at(int cursor, long offset) {
    return cursors[cursor].position(offset);
  }

  /**
   * Likewise, one for calls that take any pointer: JavaCPP counts in bytes then.
   *
   * @param offset of the value it is to point to
   */
  BytePointer handle(long offset) {
    return handle.position(offset * Float.BYTES);
  }

  /** Gives back all of the memory that this is a part of. */
  @Override
  public void close() {
    origin.memory.close();
    if (origin.rounded != null) {
      origin.rounded.close();
    }
  }
}
