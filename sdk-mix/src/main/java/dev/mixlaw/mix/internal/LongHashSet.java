package dev.mixlaw.mix.internal;

import java.io.Serializable;
import java.util.Arrays;

/** A set of {@code long} values that uses open addressing and is at most two thirds full. */
public final class LongHashSet implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int SMALLEST = 1 << 10;

  private long[] slots = new long[SMALLEST];
  private boolean zero;
  private int size;

  /** Adds a value and returns whether the set did not contain it. */
  public boolean add(long value) {
    if (value == 0) {
      boolean fresh = !zero;
      zero = true;
      return fresh;
    }
    int slot = slot(value);
    if (slots[slot] == value) {
      return false;
    }
    slots[slot] = value;
    size++;
    if (size * 3L > slots.length * 2L) {
      grow();
    }
    return true;
  }

  public void addAll(long[] values) {
    for (long value : values) {
      add(value);
    }
  }

  public void addAll(LongHashSet other) {
    zero |= other.zero;
    Arrays.stream(other.slots).filter(value -> value != 0).forEach(this::add);
  }

  /** Adds each of the given values that {@code among} contains. */
  public void addAll(long[] values, LongHashSet among) {
    for (long value : values) {
      if (among.contains(value)) {
        add(value);
      }
    }
  }

  /** Returns how many elements of the array this set contains, counting repeated elements. */
  public int countOf(long[] values) {
    int count = 0;
    for (long value : values) {
      count += contains(value) ? 1 : 0;
    }
    return count;
  }

  public boolean contains(long value) {
    return value == 0 ? zero : slots[slot(value)] == value;
  }

  public int size() {
    return size + (zero ? 1 : 0);
  }

  private int slot(long value) {
    int mask = slots.length - 1;
    int slot = (int) Hash64.mix(value) & mask;
    while (slots[slot] != 0 && slots[slot] != value) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[Math.multiplyExact(old.length, 2)];
    Arrays.stream(old).filter(v -> v != 0).forEach(v -> slots[slot(v)] = v);
  }
}
