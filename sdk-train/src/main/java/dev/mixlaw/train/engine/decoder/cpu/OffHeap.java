package dev.mixlaw.train.engine.decoder.cpu;

import dev.mixlaw.train.engine.decoder.Values;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Native memory, as oneDNN and as Java see it. */
final class OffHeap implements Values, AutoCloseable {
  /** Values that a direct buffer can hold. */
  static final long LARGEST = Integer.MAX_VALUE / Float.BYTES;

  /** A cache line: aligned memory is read with fewer loads. */
  private static final int ALIGNMENT = 64;

  private final FloatPointer owner;
  private final FloatPointer pointer;
  private final FloatBuffer buffer;
  private final long length;
  private final FloatPointer[] cursors;
  private final BytePointer handle;

  /** Zeros. */
  static OffHeap allocate(long length) {
    FloatPointer owner = new FloatPointer(length + ALIGNMENT / Float.BYTES);
    Pointer.memset(owner, 0, (length + ALIGNMENT / Float.BYTES) * Float.BYTES);
    long skip = (ALIGNMENT - owner.address() % ALIGNMENT) % ALIGNMENT / Float.BYTES;
    return new OffHeap(owner, owner, skip, length);
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

  private OffHeap(FloatPointer owner, FloatPointer base, long offset, long length) {
    this.owner = owner;
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

  static OffHeap of(Values values) {
    return (OffHeap) values;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public OffHeap slice(long offset, long part) {
    if (offset < 0 || part < 0 || offset + part > length) {
      throw new IndexOutOfBoundsException(part + " values from " + offset + " of " + length);
    }
    return new OffHeap(owner, pointer, offset, part);
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
    owner.close();
  }
}
