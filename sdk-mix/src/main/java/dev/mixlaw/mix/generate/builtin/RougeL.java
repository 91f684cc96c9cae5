package dev.mixlaw.mix.generate.builtin;

import java.util.Locale;

/** ROUGE-L: similarity of two sequences of words by their common subsequence (Lin 2004). */
final class RougeL {
  private RougeL() {}

  /** Returns the runs of letters and digits of a text, in lower case. */
  static String[] words(String text) {
    String[] words = text.toLowerCase(Locale.ROOT).strip().split("[^\\p{L}\\p{N}]+", -1);
    return java.util.Arrays.stream(words).filter(w -> !w.isEmpty()).toArray(String[]::new);
  }

  /**
   * Returns the F measure of the longest common subsequence, 2·lcs / (|a| + |b|), from 0 to 1; 0
   * for two empty texts.
   */
  static double rougeL(String[] a, String[] b) {
    if (a.length + b.length == 0) {
      return 0;
    }
    int[] row = new int[b.length + 1];
    for (String word : a) {
      int diagonal = 0;
      for (int j = 1; j <= b.length; j++) {
        int above = row[j];
        row[j] = word.equals(b[j - 1]) ? diagonal + 1 : Math.max(above, row[j - 1]);
        diagonal = above;
      }
    }
    return 2.0 * row[b.length] / (a.length + b.length);
  }
}
