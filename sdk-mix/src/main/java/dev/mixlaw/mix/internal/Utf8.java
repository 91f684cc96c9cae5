package dev.mixlaw.mix.internal;

/** Measures text in UTF-8 bytes without encoding it, and checks that it is well-formed Unicode. */
public final class Utf8 {
  private Utf8() {}

  /** Returns the number of bytes that well-formed text has in UTF-8. */
  public static int length(CharSequence text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += width(text.charAt(i));
    }
    return bytes;
  }

  /** Returns the index of the first unpaired surrogate, or -1 if the text is well-formed. */
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
   * Returns the beginning of the text. It ends at the last paragraph end if that keeps at least
   * half of the allowed text; otherwise at the last line end, then at the last word end, under the
   * same condition; otherwise after the last whole character.
   *
   * @param maxBytes the largest length of the result in UTF-8 bytes
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

  /**
   * Returns the bytes of a UTF-16 unit; a surrogate counts as half of the four bytes of its pair.
   */
  private static int width(char c) {
    return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
