package dev.mixlaw.mix.analysis;

import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.Shingles;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An index of document sketches that finds near copies of a document. Memory: about 5 kB per
 * document.
 */
final class MinHashIndex {
  private static final int BAND = 3;
  private static final int BANDS = MinHash.PLACES / BAND;

  private final List<int[]> sketches = new ArrayList<>();
  private final Map<Long, List<Integer>> byBand = new HashMap<>();

  /** Returns the sketch of a text; empty if the text has too few words. */
  static Optional<int[]> sketch(String text) {
    long[] shingles = Shingles.of(text, NearCopies.SHINGLE_WORDS);
    return shingles.length + NearCopies.SHINGLE_WORDS - 1 < NearCopies.FEWEST_WORDS
        ? Optional.empty()
        : Optional.of(MinHash.of(shingles));
  }

  /** Returns a hash of the places of a band, which differs from the hashes of other bands. */
  static long band(int[] sketch, int band) {
    long hash = band;
    for (int i = band * BAND; i < (band + 1) * BAND; i++) {
      hash = Hash64.mix(hash + sketch[i]);
    }
    return hash;
  }

  static int bands() {
    return BANDS;
  }

  /** Adds a document; returns its number, from 0. */
  int add(int[] sketch) {
    int number = sketches.size();
    sketches.add(sketch);
    for (int band = 0; band < BANDS; band++) {
      byBand.computeIfAbsent(band(sketch, band), b -> new ArrayList<>()).add(number);
    }
    return number;
  }

  /** Marks the documents of the index that are near copies of another document. */
  void mark(int[] sketch, double threshold, BitSet copied) {
    for (int band = 0; band < BANDS; band++) {
      for (int number : byBand.getOrDefault(band(sketch, band), List.of())) {
        if (!copied.get(number) && MinHash.jaccard(sketch, sketches.get(number)) >= threshold) {
          copied.set(number);
        }
      }
    }
  }
}
