package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.internal.UnicodeForms;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * ROUGE-L, which measures the similarity of two word sequences by their longest common subsequence
 * (Lin 2004).
 */
final class RougeL {
  private static final String UNSPACED =
      "\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}";
  private static final Pattern WORD =
      Pattern.compile("[UU&&\\p{L}]\\p{M}*|[\\p{L}\\p{M}\\p{N}&&[^UU]]+".replace("UU", UNSPACED));

  private RougeL() {}

  /** Returns the words of a text in lower case. In unspaced scripts, each character is a word. */
  static String[] words(String text) {
    return WORD.matcher(UnicodeForms.composed(text).toLowerCase(Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .toArray(String[]::new);
  }

  /** Returns the F-measure 2·lcs / (|a| + |b|), from 0 to 1, or 0 for two empty texts. */
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
