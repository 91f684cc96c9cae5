package dev.mixlaw.mix.internal;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An index that finds near copies of a document by MinHash sketches (Broder 1997). The index needs
 * about 5 kB of memory per document.
 *
 * <p>A sketch of a set consists of {@value #PLACES} hash values. The fraction of equal values at
 * the same index of two sketches estimates the Jaccard index of the sets, with a standard error of
 * at most 0.045.
 */
public final class MinHashIndex implements Serializable {
  /** The minimum Jaccard index of two near copies. */
  public static final double COPY_THRESHOLD = 0.4;

  /** The minimum number of words in a text that has a sketch. */
  public static final int FEWEST_WORDS = 8;

  private static final long serialVersionUID = 1;
  private static final int SHINGLE_WORDS = 3;
  private static final int BAND = 3;

  /** Shorter Chinese or Japanese texts often consist of one common phrase. */
  private static final int FEWEST_CHARACTERS = 20;

  public static final int BANDS = 42;

  private static final int PLACES = BANDS * BAND;
  private static final long[] FACTORS = new long[PLACES];
  private static final long[] ADDENDS = new long[PLACES];

  static {
    for (int i = 0; i < PLACES; i++) {
      FACTORS[i] = Hash64.at(1, i) | 1;
      ADDENDS[i] = Hash64.at(2, i);
    }
  }

  private final List<int[]> sketches = new ArrayList<>();
  private final Map<Long, List<Integer>> byBand = new HashMap<>();

  MinHashIndex() {}

  /** Returns the sketch of a text, or empty if the text has too few words. */
  public static Optional<int[]> sketch(String text, long[] words) {
    int fewest = Shingles.isIdeographic(text) ? FEWEST_CHARACTERS : FEWEST_WORDS;
    return words.length < fewest
        ? Optional.empty()
        : Optional.of(sketch(Shingles.of(words, SHINGLE_WORDS)));
  }

  /** Returns the sketch of a set. Repeated elements count once. */
  public static int[] sketch(long[] elements) {
    long[] least = new long[PLACES];
    Arrays.fill(least, Long.MAX_VALUE);
    for (long element : elements) {
      for (int i = 0; i < PLACES; i++) {
        // Only the upper bits of a product are kept, because they are well mixed.
        least[i] = Math.min(least[i], (element * FACTORS[i] + ADDENDS[i]) >>> 1);
      }
    }
    return Arrays.stream(least).mapToInt(hash -> (int) (hash >>> 16)).toArray();
  }

  public static double jaccard(int[] a, int[] b) {
    int equal = 0;
    for (int i = 0; i < PLACES; i++) {
      equal += a[i] == b[i] ? 1 : 0;
    }
    return (double) equal / PLACES;
  }

  /** Returns a hash of a band. Bands at different indices have different hashes. */
  public static long band(int[] sketch, int band) {
    long hash = band;
    for (int i = band * BAND; i < (band + 1) * BAND; i++) {
      hash = Hash64.mix(hash + sketch[i]);
    }
    return hash;
  }

  /** Adds a document and returns its index, from 0. */
  int add(int[] sketch) {
    int number = sketches.size();
    sketches.add(sketch);
    for (int band = 0; band < BANDS; band++) {
      byBand.computeIfAbsent(band(sketch, band), b -> new ArrayList<>()).add(number);
    }
    return number;
  }

  /** Sets the bit of each indexed document that is a near copy of the given document. */
  void mark(int[] sketch, BitSet copied) {
    for (int band = 0; band < BANDS; band++) {
      for (int number : byBand.getOrDefault(band(sketch, band), List.of())) {
        if (!copied.get(number) && jaccard(sketch, sketches.get(number)) >= COPY_THRESHOLD) {
          copied.set(number);
        }
      }
    }
  }
}
