package dev.mixlaw.mix.analysis;

import dev.mixlaw.mix.internal.Hash64;
import java.util.Arrays;

/**
 * MinHash sketches of sets (Broder 1997). The part of equal places of two sketches estimates the
 * Jaccard index of the sets, with a standard error of at most {@code sqrt(1 / 4k) = 0.044} for
 * {@value #PLACES} places.
 */
final class MinHash {
  /** Number of places of a sketch: 42 bands of 3. */
  static final int PLACES = 126;

  private static final long[] FACTORS = new long[PLACES];
  private static final long[] ADDENDS = new long[PLACES];

  static {
    for (int i = 0; i < PLACES; i++) {
      FACTORS[i] = Hash64.at(1, i) | 1;
      ADDENDS[i] = Hash64.at(2, i);
    }
  }

  private MinHash() {}

  /** Returns the sketch of a set; equal elements count once. */
  static int[] of(long[] elements) {
    long[] least = new long[PLACES];
    Arrays.fill(least, Long.MAX_VALUE);
    for (long element : elements) {
      for (int i = 0; i < PLACES; i++) {
        // The upper bits of a product are well mixed; only those are kept.
        least[i] = Math.min(least[i], (element * FACTORS[i] + ADDENDS[i]) >>> 1);
      }
    }
    int[] sketch = new int[PLACES];
    for (int i = 0; i < PLACES; i++) {
      sketch[i] = (int) (least[i] >>> 16);
    }
    return sketch;
  }

  /** Returns the estimated Jaccard index of two sets. */
  static double jaccard(int[] a, int[] b) {
    int equal = 0;
    for (int i = 0; i < PLACES; i++) {
      equal += a[i] == b[i] ? 1 : 0;
    }
    return (double) equal / PLACES;
  }
}
