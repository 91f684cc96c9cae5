package dev.mixlaw.mix.token;

/**
 * Splits UTF-8 text into the pieces within which byte pairs are merged.
 *
 * <p>The pieces are the matches of GPT-2's regular expression (Radford et al. 2019), which Hugging
 * Face's {@code ByteLevel} pre-tokenizer uses too: {@value #REGEX}. They cover the text without
 * gaps. This scanner implements the expression in one pass, without a regular expression engine.
 */
final class Pretokenizer {
  static final String REGEX =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final byte[] ASCII = new byte[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = UnicodeClasses.of(c);
    }
  }

  private final byte[] text;
  private int start;
  private int end;

  /**
   * Creates a scanner.
   *
   * @param text well-formed UTF-8
   */
  Pretokenizer(byte[] text) {
    this.text = text;
  }

  /** Returns the index of the first byte of the current piece. */
  int start() {
    return start;
  }

  /** Returns the index after the last byte of the current piece. */
  int end() {
    return end;
  }

  /** Moves to the next piece; returns false at the end of the text. */
  boolean next() {
    start = end;
    if (start == text.length) {
      return false;
    }
    int contraction = contraction(start);
    if (contraction > 0) {
      end = start + contraction;
      return true;
    }
    int from = start;
    byte kind = classAt(from);
    if (text[from] == ' ' && from + 1 < text.length) {
      byte following = classAt(from + 1);
      if (following != UnicodeClasses.SPACE) {
        from++;
        kind = following;
      }
    }
    end = kind == UnicodeClasses.SPACE ? endOfSpace(from) : endOfRun(from, kind);
    return true;
  }

  /** Returns the length of an English contraction at a position, or 0. */
  private int contraction(int at) {
    if (text[at] != '\'' || at + 1 == text.length) {
      return 0;
    }
    byte first = text[at + 1];
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return 2;
    }
    if (at + 2 == text.length) {
      return 0;
    }
    byte second = text[at + 2];
    boolean two =
        (first == 'r' && second == 'e')
            || (first == 'v' && second == 'e')
            || (first == 'l' && second == 'l');
    return two ? 3 : 0;
  }

  private int endOfRun(int from, byte kind) {
    int at = from;
    while (at < text.length && classAt(at) == kind) {
      at += length(text[at]);
    }
    return at;
  }

  /**
   * Returns the end of white space. Before a word, its last character belongs to the next piece.
   */
  private int endOfSpace(int from) {
    int at = from;
    int last = from;
    while (at < text.length && classAt(at) == UnicodeClasses.SPACE) {
      last = at;
      at += length(text[at]);
    }
    return at == text.length || last == from ? at : last;
  }

  private byte classAt(int at) {
    byte b = text[at];
    return b >= 0 ? ASCII[b] : UnicodeClasses.of(codePoint(at));
  }

  private int codePoint(int at) {
    int b = text[at] & 0xFF;
    if (b < 0xE0) {
      return (b & 0x1F) << 6 | (text[at + 1] & 0x3F);
    }
    if (b < 0xF0) {
      return (b & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | (text[at + 2] & 0x3F);
    }
    return (b & 0x07) << 18
        | (text[at + 1] & 0x3F) << 12
        | (text[at + 2] & 0x3F) << 6
        | (text[at + 3] & 0x3F);
  }

  private static int length(byte first) {
    if (first >= 0) {
      return 1;
    }
    int b = first & 0xFF;
    return b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
  }
}
