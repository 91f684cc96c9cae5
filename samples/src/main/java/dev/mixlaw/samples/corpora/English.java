package dev.mixlaw.samples.corpora;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognises English text and normalises white space. */
final class English {
  private static final Set<String> STOP_WORDS =
      Set.of(
          "the", "of", "and", "to", "in", "that", "is", "for", "this", "it", "we", "on", "be",
          "are", "with", "which", "or", "not", "by", "any", "you", "as", "have", "has");
  private static final double LEAST_SHARE = 0.2;
  private static final int LEAST_WORDS = 20;
  private static final int LAST_LATIN = 0x24F;
  private static final double MOST_FOREIGN = 0.01;
  private static final Pattern WORD_BREAK = Pattern.compile("[^\\p{L}\\p{N}']+");
  private static final Pattern LINE_END = Pattern.compile("[ \\t]+(?=\n)");
  private static final Pattern BLANK_LINES = Pattern.compile("\n{3,}");

  private English() {}

  /**
   * Returns whether a text has enough words, consists almost only of Latin letters, and has at
   * least 20 % English stop words.
   */
  static boolean is(String text) {
    long foreign = text.codePoints().filter(c -> c > LAST_LATIN && Character.isLetter(c)).count();
    if (foreign > MOST_FOREIGN * text.length()) {
      return false;
    }
    int words = 0;
    int stops = 0;
    for (String word : WORD_BREAK.split(text)) {
      words += word.isEmpty() ? 0 : 1;
      stops += STOP_WORDS.contains(word.toLowerCase(Locale.ROOT)) ? 1 : 0;
    }
    return words >= LEAST_WORDS && stops >= LEAST_SHARE * words;
  }

  /**
   * Normalises white space to single spaces and at most one blank line in a row. Removes spaces at
   * both ends of a line.
   */
  static String tidy(String text) {
    StringBuilder tidy = new StringBuilder(text.length());
    boolean space = false;
    int breaks = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
        breaks++;
      } else if (isSpace(c)) {
        space = true;
      } else {
        if (tidy.length() > 0 && breaks > 0) {
          tidy.append("\n".repeat(Math.min(breaks, 2)));
        } else if (tidy.length() > 0 && space) {
          tidy.append(' ');
        }
        tidy.append(c);
        space = false;
        breaks = 0;
      }
    }
    return tidy.toString();
  }

  /** Joins all lines, and normalises white space to single spaces. */
  static String line(String text) {
    return tidy(text.replace('\n', ' ').replace('\r', ' '));
  }

  /**
   * Removes spaces at line ends, and reduces blank lines to at most one in a row. Keeps
   * indentation.
   */
  static String blankLines(String text) {
    String trimmed = LINE_END.matcher(text).replaceAll("");
    return BLANK_LINES.matcher(trimmed).replaceAll("\n\n");
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.isISOControl(c)
        || c == '\u200B'
        || c == '\uFEFF';
  }
}
