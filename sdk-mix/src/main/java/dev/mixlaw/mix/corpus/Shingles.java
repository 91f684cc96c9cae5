package dev.mixlaw.mix.corpus;

/**
 * Passages of a fixed number of words, by which texts are compared.
 *
 * <p>A word is a run of letters and digits, upper and lower case alike; punctuation, space and line
 * breaks do not count. A text of fewer words than a shingle is one shingle. Languages that write no
 * spaces have no such words: their texts are compared by whole runs between punctuation.
 */
public final class Shingles {
  /** Words of a shingle for telling held-out text from training text. */
  public static final int WORDS = 13;

  private Shingles() {}

  /** 64-bit hashes of a text's shingles, one for each place, in their order. */
  public static long[] of(String text) {
    return of(text, WORDS);
  }

  /** 64-bit hashes of all runs of {@code words} words, one for each place, in their order. */
  public static long[] of(String text, int words) {
    return ShingleHasher.hash(text, words);
  }
}
