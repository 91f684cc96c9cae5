package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.vector.StridedMatrix;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** An array of floats in native memory that both oneDNN and Java can access. */
final class OffHeapFloats implements Floats, AutoCloseable {
  /** The maximum number of values in a direct buffer. */
  static final long LARGEST = Integer.MAX_VALUE / Float.BYTES;

  /** Alignment of arrays in bytes, which is the size of a cache line. */
  private static final int ALIGNMENT = 64;

  private final Origin origin;
  private final long offset;
  private final FloatPointer pointer;
  private final FloatBuffer buffer;
  private final long length;
  private final StridedMatrix<FloatPointer> whole;
  private final List<StridedMatrix<FloatPointer>> cursors = new ArrayList<>();
  private final BytePointer handle;
  private @Nullable BytePointer rounded;
  private long roundedLength;
  private int roundedVersion;

  private static final class Origin {
    private final FloatPointer memory;
    private final long length;
    private final @Nullable Bf16Weights weights;
    private final boolean factor;
    private @Nullable BytePointer rounded;

    /** The version whose values exist only in bf16, or -1. */
    private int onlyRounded = -1;

    /** Number of times the values were written, to detect that the rounded copy is outdated. */
    private int version;

    Origin(FloatPointer memory, long length, boolean factor, @Nullable Bf16Weights weights) {
      this.factor = factor;
      this.memory = memory;
      this.length = length;
      this.weights = weights;
    }
  }

  static OffHeapFloats allocate(long length) {
    return allocate(length, false, null);
  }

  /**
   * Allocates values, which are initially 0.
   *
   * @param factor whether kernels may write the values only in bf16
   * @param weights the rounded weights of the model, or null if the values are not weights
   */
  static OffHeapFloats allocate(long length, boolean factor, @Nullable Bf16Weights weights) {
    FloatPointer owner = new FloatPointer(length + ALIGNMENT / Float.BYTES);
    Pointer.memset(owner, 0, (length + ALIGNMENT / Float.BYTES) * Float.BYTES);
    long skip = (ALIGNMENT - owner.address() % ALIGNMENT) % ALIGNMENT / Float.BYTES;
    Origin origin = new Origin(owner, length, factor, weights);
    return new OffHeapFloats(origin, owner.getPointer(skip), 0, length);
  }

  /** Returns the number of bytes that JavaCPP and the machine can still allocate. */
  static long free() {
    long free = Pointer.availablePhysicalBytes();
    if (free <= 0) {
      free = Long.MAX_VALUE; // unknown on this system
    }
    if (Pointer.maxBytes() > 0) {
      free = Math.min(free, Pointer.maxBytes() - Pointer.totalBytes());
    }
    if (Pointer.maxPhysicalBytes() > 0) {
      free = Math.min(free, Pointer.maxPhysicalBytes() - Pointer.physicalBytes());
    }
    return free;
  }

  private OffHeapFloats(Origin origin, FloatPointer base, long offset, long length) {
    this.origin = origin;
    this.offset = offset;
    this.length = length;
    // JavaCPP counts a pointer's position in bytes if a call takes a pointer of any type. This
    // pointer therefore points to the first value itself, at position 0.
    pointer = base.getPointer(offset);
    buffer = pointer.getPointer(0).capacity(length).asBuffer();
    handle = new BytePointer(pointer);
    whole = new StridedMatrix<>(pointer);
    for (int i = 0; i < 3; i++) {
      cursors.add(new StridedMatrix<>(pointer.getPointer(0)));
    }
  }

  static OffHeapFloats of(Floats values) {
    return (OffHeapFloats) values;
  }

  /** Casts an array that is about to be written, and marks its rounded copies as outdated. */
  static OffHeapFloats written(Floats values) {
    OffHeapFloats these = of(values);
    these.origin.version++;
    if (these.origin.weights != null) {
      these.origin.weights.changed();
    }
    return these;
  }

  @Nullable Bf16Weights weights() {
    return origin.weights;
  }

  boolean isFactor() {
    return origin.factor;
  }

  /**
   * Returns the memory for a value in bf16, which is allocated at first use. The next call
   * overwrites the returned object.
   */
  BytePointer rounded(long index) {
    if (rounded == null) {
      if (origin.rounded == null) {
        origin.rounded = new BytePointer(origin.length * Short.BYTES);
      }
      rounded = origin.rounded.getPointer(offset * Short.BYTES);
    }
    return rounded.position(index * Short.BYTES);
  }

  boolean isRounded(long n) {
    return origin.onlyRounded == origin.version
        || (roundedLength >= n && roundedVersion == origin.version);
  }

  void markRounded(long n) {
    roundedLength = n;
    roundedVersion = origin.version;
  }

  /** Marks the values as written in bf16 only. They cannot be read in single precision. */
  void markOnlyRounded() {
    origin.onlyRounded = origin.version;
  }

  private void check() {
    if (origin.onlyRounded == origin.version) {
      throw new IllegalStateException(
          length + " values exist only in bf16; expected single precision (use Rounding)");
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public OffHeapFloats slice(long offset, long part) {
    if (offset < 0 || part < 0 || offset + part > length) {
      throw new IndexOutOfBoundsException(
          part + " values at offset " + offset + " exceed the length " + length);
    }
    return new OffHeapFloats(origin, pointer.getPointer(-this.offset), this.offset + offset, part);
  }

  FloatPointer pointer() {
    check();
    return pointer;
  }

  /** Returns the values as a buffer. The array must not have more than {@link #LARGEST} values. */
  FloatBuffer buffer() {
    check();
    return buffer;
  }

  /** Returns all values as a matrix. The next call overwrites the returned object. */
  StridedMatrix<FloatPointer> matrix(int width) {
    return whole.with(width);
  }

  /**
   * Returns a part of the values as a matrix. The next call with the same cursor overwrites the
   * returned object.
   *
   * @param cursor index of the reusable matrix, from 0 to 2
   * @param stride number of values from the start of one row to the start of the next
   */
  StridedMatrix<FloatPointer> matrix(int cursor, long offset, int stride) {
    StridedMatrix<FloatPointer> part = cursors.get(cursor);
    part.values().position(offset);
    return part.with(stride);
  }

  /** Returns a pointer to the value at an index, for calls that take a pointer of any type. */
  BytePointer handle(long offset) {
    return handle.position(offset * Float.BYTES);
  }

  /** Returns a pointer to a value at an index if the memory holds values in bf16. */
  BytePointer half(long offset) {
    return handle.position(offset * Short.BYTES);
  }

  /** Returns this array if it has the given length, or otherwise a longer one, and frees this. */
  OffHeapFloats atLeast(long wanted) {
    if (length >= wanted) {
      return this;
    }
    close();
    return allocate(wanted);
  }

  /** Frees the whole allocation, including other arrays that share it. */
  @Override
  public void close() {
    origin.memory.close();
    if (origin.rounded != null) {
      origin.rounded.close();
    }
  }
}
