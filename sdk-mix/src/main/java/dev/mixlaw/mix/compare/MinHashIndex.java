package dev.mixlaw.mix.compare;

import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.Shingles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An index of MinHash sketches of documents (Broder 1997) that finds near copies of a document. It
 * needs about 5 kB of memory per document.
 *
 * <p>The fraction of places at which two sketches agree estimates the Jaccard index of the sets,
 * with a standard error of at most {@code sqrt(1 / 4k) = 0.044} for {@value #PLACES} places.
 */
final class MinHashIndex {
  private static final int SHINGLE_WORDS = 3;
  private static final int BAND = 3;

  /**
   * Minimum number of characters in a Chinese or Japanese text; shorter texts often consist of one
   * common phrase.
   */
  private static final int FEWEST_CHARACTERS = 20;

  /** Number of bands per sketch. */
  static final int BANDS = 42;

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

  /** Returns the sketch of the words of the text; empty if there are too few words. */
  static Optional<int[]> sketch(String text, long[] words) {
    int fewest = Shingles.isIdeographic(text) ? FEWEST_CHARACTERS : CorpusComparison.FEWEST_WORDS;
    return words.length < fewest
        ? Optional.empty()
        : Optional.of(sketch(Shingles.of(words, SHINGLE_WORDS)));
  }

  /** Returns the sketch of a set; equal elements count once. */
  static int[] sketch(long[] elements) {
    long[] least = new long[PLACES];
    Arrays.fill(least, Long.MAX_VALUE);
    for (long element : elements) {
      for (int i = 0; i < PLACES; i++) {
        // The upper bits of a product are well mixed; only those are kept.
        least[i] = Math.min(least[i], (element * FACTORS[i] + ADDENDS[i]) >>> 1);
      }
    }
    return Arrays.stream(least).mapToInt(hash -> (int) (hash >>> 16)).toArray();
  }

  /** Returns the estimated Jaccard index of two sets. */
  static double jaccard(int[] a, int[] b) {
    int equal = 0;
    for (int i = 0; i < PLACES; i++) {
      equal += a[i] == b[i] ? 1 : 0;
    }
    return (double) equal / PLACES;
  }

  /** Returns a hash of the places of a band, which differs from the hashes of other bands. */
  static long band(int[] sketch, int band) {
    long hash = band;
    for (int i = band * BAND; i < (band + 1) * BAND; i++) {
      hash = Hash64.mix(hash + sketch[i]);
    }
    return hash;
  }

  /** Adds a document and returns its number, from 0. */
  int add(int[] sketch) {
    int number = sketches.size();
    sketches.add(sketch);
    for (int band = 0; band < BANDS; band++) {
      byBand.computeIfAbsent(band(sketch, band), b -> new ArrayList<>()).add(number);
    }
    return number;
  }

  /**
   * Marks the documents in the index that are near copies of the document with the given sketch.
   */
  void mark(int[] sketch, BitSet copied) {
    for (int band = 0; band < BANDS; band++) {
      for (int number : byBand.getOrDefault(band(sketch, band), List.of())) {
        if (!copied.get(number)
            && jaccard(sketch, sketches.get(number)) >= CorpusComparison.COPY_THRESHOLD) {
          copied.set(number);
        }
      }
    }
  }
}
