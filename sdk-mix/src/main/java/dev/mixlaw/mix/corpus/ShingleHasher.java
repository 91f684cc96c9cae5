package dev.mixlaw.mix.corpus;

import dev.mixlaw.mix.internal.Hash64;
import java.util.Arrays;

/** Hashes of all runs of {@code n} words, by a polynomial that rolls. */
public final class ShingleHasher {
  private static final long BASE = 0x9e3779b97f4a7c15L;

  private ShingleHasher() {}

  public static long[] hash(String text, int n) {
    long dropped = 1; // BASE to the power n: the weight of the word that leaves
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
