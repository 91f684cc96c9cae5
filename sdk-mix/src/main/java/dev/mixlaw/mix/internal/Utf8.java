package dev.mixlaw.mix.internal;

public final class Utf8 {
  private Utf8() {}

  /** Returns the size of a well-formed text in UTF-8 bytes. */
  public static int length(CharSequence text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += width(text.charAt(i));
    }
    return bytes;
  }

  /** Returns the index of the first unpaired surrogate, or -1 if there is none. */
  public static int unpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /**
   * Truncates a text to at most {@code maxBytes} UTF-8 bytes. The text is cut at the last paragraph
   * end if the result then keeps at least half of the allowed size. Otherwise, the text is cut at
   * the last line end or the last word end, under the same condition, or else after the last
   * complete character.
   */
  public static String cut(String text, int maxBytes) {
    int bytes = 0;
    int end = 0;
    while (end < text.length()) {
      bytes += width(text.charAt(end));
      if (bytes > maxBytes) {
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

  /** Returns the UTF-8 size of a UTF-16 unit, which for a surrogate is half of a pair's 4 bytes. */
  private static int width(char c) {
    return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
