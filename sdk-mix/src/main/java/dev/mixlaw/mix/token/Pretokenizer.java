package dev.mixlaw.mix.token;

/**
 * Splits UTF-8 text into the pieces within which byte pairs are merged.
 *
 * <p>The pieces are the matches of one of the regular expressions in {@link Rules}, which cover the
 * text without gaps. The scanner needs one pass and no regular expression engine.
 */
final class Pretokenizer {
  /** The regular expressions on which published vocabularies are based. */
  enum Rules {
    /** Rules of GPT-2 (Radford et al. 2019) and Hugging Face's {@code ByteLevel} pre-tokenizer. */
    GPT2(
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        Integer.MAX_VALUE),
    /** Rules of cl100k, Llama 3 and OLMo 2, with up to three digits per piece. */
    CL100K(cl100k("{1,3}"), 3),
    /** Rules of Qwen, with one digit per piece. */
    QWEN2(cl100k(""), 1);

    final String regex;
    private final int digits;

    Rules(String regex, int digits) {
      this.regex = regex;
      this.digits = digits;
    }

    private static String cl100k(String digits) {
      return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + digits
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }
  }

  private static final byte[] ASCII = new byte[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = UnicodeClasses.of(c);
    }
  }

  private final byte[] text;
  private final Rules rules;
  private int start;
  private int end;

  /** Creates a scanner of well-formed UTF-8. */
  Pretokenizer(byte[] text, Rules rules) {
    this.text = text;
    this.rules = rules;
  }

  int start() {
    return start;
  }

  /** Returns the index after the last byte of the current piece. */
  int end() {
    return end;
  }

  /** Moves to the next piece, or returns false at the end of the text. */
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
    end = rules == Rules.GPT2 ? endInGpt2() : endInCl100k();
    return true;
  }

  private int endInGpt2() {
    int from = start;
    byte kind = classAt(from);
    if (text[from] == ' ' && from + 1 < text.length) {
      byte following = classAt(from + 1);
      if (following != UnicodeClasses.SPACE) {
        from++;
        kind = following;
      }
    }
    return kind == UnicodeClasses.SPACE ? endOfSpace(from) : endOfRun(from, kind);
  }

  private int endInCl100k() {
    byte kind = classAt(start);
    int after = start + length(text[start]);
    if (kind == UnicodeClasses.NUMBER) {
      int at = after;
      for (int i = 1; i < rules.digits && is(at, UnicodeClasses.NUMBER); i++) {
        at += length(text[at]);
      }
      return at;
    }
    if (kind == UnicodeClasses.LETTER || (!isNewline(start) && is(after, UnicodeClasses.LETTER))) {
      return endOfRun(after, UnicodeClasses.LETTER);
    }
    int sign = text[start] == ' ' ? after : start;
    if (is(sign, UnicodeClasses.OTHER)) {
      int at = endOfRun(sign, UnicodeClasses.OTHER);
      while (isNewline(at)) {
        at++;
      }
      return at;
    }
    int newline = -1;
    for (int at = start; is(at, UnicodeClasses.SPACE); at += length(text[at])) {
      newline = isNewline(at) ? at : newline;
    }
    return newline >= 0 ? newline + 1 : endOfSpace(start);
  }

  private boolean is(int at, byte kind) {
    return at < text.length && classAt(at) == kind;
  }

  private boolean isNewline(int at) {
    return at < text.length && (text[at] == '\n' || text[at] == '\r');
  }

  /** Returns the length of the English contraction at an index, or 0 if there is none. */
  private int contraction(int at) {
    if (text[at] != '\'' || at + 1 == text.length) {
      return 0;
    }
    int first = letter(at + 1);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return 1 + length(text[at + 1]);
    }
    int second = at + 2 < text.length ? letter(at + 2) : 0;
    boolean two =
        (first == 'r' && second == 'e')
            || (first == 'v' && second == 'e')
            || (first == 'l' && second == 'l');
    return two ? 3 : 0;
  }

  /** Returns the character at an index, in lower case unless the rules are those of GPT-2. */
  private int letter(int at) {
    int c = text[at];
    if (rules == Rules.GPT2) {
      return c;
    }
    boolean longS = c == (byte) 0xC5 && text[at + 1] == (byte) 0xBF;
    return longS ? 's' : c >= 'A' && c <= 'Z' ? c + 32 : c;
  }

  private int endOfRun(int from, byte kind) {
    int at = from;
    while (at < text.length && classAt(at) == kind) {
      at += length(text[at]);
    }
    return at;
  }

  /** Returns the end of a run of white space, excluding the last character before a word. */
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
