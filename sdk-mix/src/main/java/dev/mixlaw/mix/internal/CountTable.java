package dev.mixlaw.mix.internal;

import java.util.Arrays;

/** A hash table from {@code long} terms to {@code long} counts, at most two thirds full. */
public final class CountTable {
  private static final int SMALLEST = 1 << 10;

  private long[] terms = new long[SMALLEST];
  private long[] counts = new long[SMALLEST]; // 0 marks a free slot
  private int size;

  public void add(long term, long count) {
    int slot = slot(term);
    if (counts[slot] == 0) {
      terms[slot] = term;
      size++;
      counts[slot] = count;
      if (size * 3L > terms.length * 2L) {
        grow();
      }
    } else {
      counts[slot] += count;
    }
  }

  /** Returns the count of a term, or 0 if it was never added. */
  public long get(long term) {
    return counts[slot(term)];
  }

  public int size() {
    return size;
  }

  public long[] sortedTerms() {
    long[] sorted = new long[size];
    int n = 0;
    for (int i = 0; i < terms.length; i++) {
      if (counts[i] != 0) {
        sorted[n++] = terms[i];
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  public void clear() {
    Arrays.fill(counts, 0);
    size = 0;
  }

  private int slot(long term) {
    int mask = terms.length - 1;
    int slot = (int) Hash64.mix(term) & mask;
    while (counts[slot] != 0 && terms[slot] != term) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldTerms = terms;
    long[] oldCounts = counts;
    terms = new long[Math.multiplyExact(oldTerms.length, 2)];
    counts = new long[terms.length];
    for (int i = 0; i < oldTerms.length; i++) {
      if (oldCounts[i] != 0) {
        int slot = slot(oldTerms[i]);
        terms[slot] = oldTerms[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
