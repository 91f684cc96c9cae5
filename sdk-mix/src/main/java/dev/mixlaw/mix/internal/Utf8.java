package dev.mixlaw.mix.internal;

/** Text measured in UTF-8 bytes without encoding it. */
public final class Utf8 {
  private Utf8() {}

  /** UTF-8 bytes of well-formed text. */
  public static int length(CharSequence text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += width(text.charAt(i));
    }
    return bytes;
  }

  /**
   * The beginning of a text, at most so many bytes: up to the last paragraph's, else line's, else
   * word's end that leaves at least half of them, else up to the last character.
   */
  public static String cut(String text, int most) {
    int bytes = 0;
    int end = 0;
    while (end < text.length()) {
      bytes += width(text.charAt(end));
      if (bytes > most) {
        break;
      }
      end++;
    }
    if (end == text.length()) {
      return text;
    }
    for (String boundary : new String[] {"\n\n", "\n", " "}) {
      int at = text.lastIndexOf(boundary, end);
      if (2 * at >= end) {
        return text.substring(0, at);
      }
    }
    return text.substring(0, Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end);
  }

  /** Of a pair of surrogates, each counts half of their four bytes. */
  private static int width(char c) {
    return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
