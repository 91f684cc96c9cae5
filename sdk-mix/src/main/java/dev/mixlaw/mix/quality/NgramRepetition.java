package dev.mixlaw.mix.quality;

import dev.mixlaw.mix.analysis.TermCounter;
import dev.mixlaw.mix.internal.CountTable;
import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.LongHashSet;

/**
 * Measures the fraction of a text's characters that are in repeated word n-grams (Rae et al. 2021,
 * appendix A.1.1). Only characters in words count.
 */
final class NgramRepetition {
  private final int[] lengths;
  private final long[] hashes;
  private final long characters;

  private NgramRepetition(int[] lengths, long[] hashes, long characters) {
    this.lengths = lengths;
    this.hashes = hashes;
    this.characters = characters;
  }

  static NgramRepetition of(String[] words) {
    int[] lengths = new int[words.length];
    long[] hashes = new long[words.length];
    long characters = 0;
    for (int i = 0; i < words.length; i++) {
      lengths[i] = words[i].length();
      hashes[i] = Hash64.of(words[i], 0);
      characters += lengths[i];
    }
    return new NgramRepetition(lengths, hashes, characters);
  }

  /**
   * Returns the fraction of characters in all occurrences of the most frequent n-gram, or 0 if no
   * n-gram occurs twice. Among equally frequent n-grams, the longest is used.
   */
  double inMostFrequent(int n) {
    long[] runs = TermCounter.ngrams(hashes, n);
    CountTable counts = new CountTable();
    for (long run : runs) {
      counts.add(run, 1);
    }
    long times = 1;
    long longest = 0;
    for (int i = 0; i < runs.length; i++) {
      long count = counts.get(runs[i]);
      long length = length(i, n);
      if (count > times || (count == times && times > 1 && length > longest)) {
        times = count;
        longest = length;
      }
    }
    return times == 1 ? 0 : (double) times * longest / characters;
  }

  /** Returns the fraction of characters in n-grams that repeat an earlier n-gram of the text. */
  double inRepeated(int n) {
    long[] runs = TermCounter.ngrams(hashes, n);
    LongHashSet earlier = new LongHashSet();
    long repeated = 0;
    int counted = 0; // words before this index are counted
    for (int i = 0; i < runs.length; i++) {
      if (!earlier.add(runs[i])) {
        int from = Math.max(i, counted);
        counted = i + n;
        repeated += length(from, counted - from);
      }
    }
    return characters == 0 ? 0 : (double) repeated / characters;
  }

  private long length(int from, int words) {
    long length = 0;
    for (int i = from; i < from + words; i++) {
      length += lengths[i];
    }
    return length;
  }
}
