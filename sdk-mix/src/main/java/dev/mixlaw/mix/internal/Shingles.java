package dev.mixlaw.mix.internal;

import java.util.Arrays;

/**
 * Hashes of word n-grams ("shingles"), by which texts are compared.
 *
 * <p>A word is a run of letters and digits, in lower case. Punctuation, spaces and line breaks do
 * not count. A text with fewer words than a shingle is one shingle. In languages that are written
 * without spaces, a word is a whole run between punctuation marks.
 */
public final class Shingles {
  /** Words in a shingle when held-out text is compared with training text. */
  public static final int WORDS = 13;

  private static final long BASE = 0x9e3779b97f4a7c15L;

  private Shingles() {}

  /** Returns 64-bit hashes of all runs of {@value #WORDS} words, in their order. */
  public static long[] of(String text) {
    return of(text, WORDS);
  }

  /** Returns 64-bit hashes of all runs of {@code n} words, in their order: a rolling hash. */
  public static long[] of(String text, int n) {
    long dropped = 1; // BASE to the power n: the weight of the word that leaves the window
    for (int i = 0; i < n; i++) {
      dropped *= BASE;
    }
    long[] window = new long[n];
    long[] hashes = new long[Math.max(1, text.length() / 5)];
    int words = 0;
    int count = 0;
    long rolling = 0;
    int i = 0;
    while (i < text.length()) {
      if (!inWord(text.charAt(i))) {
        i++;
        continue;
      }
      long word = Hash64.begin();
      for (; i < text.length() && inWord(text.charAt(i)); i++) {
        word = Hash64.add(word, Character.toLowerCase(text.charAt(i)));
      }
      word = Hash64.mix(word);
      rolling = rolling * BASE + word - dropped * window[words % n];
      window[words % n] = word;
      words++;
      if (words >= n) {
        if (count == hashes.length) {
          hashes = Arrays.copyOf(hashes, 2 * count);
        }
        hashes[count++] = Hash64.mix(rolling);
      }
    }
    if (words > 0 && count == 0) {
      hashes[count++] = Hash64.mix(rolling);
    }
    return Arrays.copyOf(hashes, count);
  }

  private static boolean inWord(char c) {
    return c < 128
        ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        : Character.isLetterOrDigit(c) || Character.isSurrogate(c);
  }
}
