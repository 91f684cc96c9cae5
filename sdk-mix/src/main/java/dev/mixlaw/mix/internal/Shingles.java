package dev.mixlaw.mix.internal;

import dev.mixlaw.api.internal.Hashing;
import java.util.Arrays;

/**
 * Hashes of word n-grams (shingles), by which texts are compared.
 *
 * <p>A word is a run of letters, combining marks and digits, in lower case. Punctuation, white
 * space and line breaks are ignored. Texts are compared in NFKC, without default-ignorable
 * characters and without Arabic and Hebrew vowel signs. A text with fewer words than a shingle has
 * exactly one shingle.
 *
 * <p>Text in scripts without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) is cut into
 * pieces that count as words. A piece has one character in Chinese and Japanese, and two letters on
 * average in the other scripts. A hash of its last two letters determines where a piece ends. The
 * pieces of a passage therefore do not depend on the surrounding text, on line breaks or on
 * punctuation.
 */
public final class Shingles {
  public static final int WORDS = 13;

  private static final long BASE = Hashing.GOLDEN_GAMMA;
  private static final int LONGEST_PIECE = 32;

  private Shingles() {}

  public static long[] of(String text) {
    return of(words(text), WORDS);
  }

  /** Returns a 64-bit rolling hash of each sequence of {@code n} consecutive words, in order. */
  public static long[] of(long[] words, int n) {
    long dropped = 1; // BASE to the power n: the weight of the word that leaves the window
    for (int i = 0; i < n; i++) {
      dropped *= BASE;
    }
    long[] hashes = new long[words.length == 0 ? 0 : Math.max(1, words.length - n + 1)];
    long rolling = 0;
    for (int i = 0; i < words.length; i++) {
      rolling = rolling * BASE + words[i] - (i < n ? 0 : dropped * words[i - n]);
      hashes[Math.max(0, i - n + 1)] = Hash64.mix(rolling);
    }
    return hashes;
  }

  /** Returns a 64-bit hash of each word of the text, in order. */
  public static long[] words(String text) {
    return split(text, false);
  }

  /**
   * Returns a 64-bit hash of each word, except words whose extent depends on the surrounding text.
   * In Thai, Lao, Khmer and Burmese, the first piece and an incomplete last piece are omitted. In a
   * text that quotes this one, these pieces may be longer and have other hashes.
   */
  public static long[] inner(String text) {
    return split(text, true);
  }

  private static long[] split(String text, boolean inner) {
    String compatible = UnicodeForms.compatible(text);
    Splitter splitter = new Splitter(Math.max(1, compatible.length() / 5));
    for (int i = 0; i < compatible.length(); ) {
      int c = compatible.codePointAt(i);
      splitter.next(c);
      i += Character.charCount(c);
    }
    boolean open = splitter.length > 0 && splitter.last != 0 && pieceLength(splitter.last) > 1;
    splitter.end();
    int from = inner && splitter.open ? 1 : 0;
    int to = inner && open ? splitter.count - 1 : splitter.count;
    return Arrays.copyOfRange(splitter.words, Math.min(from, to), to);
  }

  private static final class Splitter {
    private long[] words;
    private int count;
    private long word = Hash64.begin();
    private int length; // characters of the word
    private int last; // last character in a script without spaces; 0 in other scripts
    private boolean open; // whether the first word may begin earlier in a text that quotes this one

    Splitter(int expected) {
      words = new long[expected];
    }

    void next(int c) {
      if (!inWord(c)) {
        if (last == 0) {
          end();
        }
        return;
      }
      int piece = pieceLength(c);
      if (piece == 0) {
        if (last != 0) {
          end();
          last = 0;
        }
        if (!isVowelSign(c)) {
          add(c);
        }
        return;
      }
      if (last == 0) {
        end();
        open |= count == 0 && piece > 1;
      }
      add(c);
      if (Character.isLetterOrDigit(c)) {
        long pair = Hash64.mix(((long) last << 21) | c);
        boolean cut = Long.remainderUnsigned(pair, piece) == 0 && (last != 0 || piece == 1);
        last = c;
        if (cut || length >= LONGEST_PIECE) {
          end();
        }
      }
    }

    private void add(int c) {
      word = Hash64.add(word, (char) lower(c));
      word = c > 0xffff ? Hash64.add(word, (char) (c >>> 16)) : word;
      length++;
    }

    void end() {
      if (length > 0) {
        words = count == words.length ? Arrays.copyOf(words, 2 * count) : words;
        words[count++] = Hash64.mix(word);
        word = Hash64.begin();
        length = 0;
      }
    }
  }

  /** Returns whether most characters are Chinese or Japanese. */
  public static boolean isIdeographic(String text) {
    return 2 * text.codePoints().filter(c -> pieceLength(c) == 1).count() > text.length();
  }

  private static boolean inWord(int c) {
    if (c < 128) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
    return Character.isLetterOrDigit(c)
        || Character.getType(c) == Character.NON_SPACING_MARK
        || Character.getType(c) == Character.COMBINING_SPACING_MARK
        || Character.getType(c) == Character.ENCLOSING_MARK;
  }

  private static int lower(int c) {
    return c < 128
        ? (c >= 'A' && c <= 'Z' ? c + 32 : c)
        : Character.toLowerCase(Character.toUpperCase(c));
  }

  /** Returns whether a character is an Arabic or Hebrew vowel sign, which most texts omit. */
  private static boolean isVowelSign(int c) {
    return (c >= 0x591 && c <= 0x5bd)
        || (c >= 0x5bf && c <= 0x5c7)
        || (c >= 0x64b && c <= 0x65f)
        || c == 0x670;
  }

  /** Returns the average length of a piece in a character's script, or 0 for one with spaces. */
  private static int pieceLength(int c) {
    if (c < 0xe00) {
      return 0;
    } else if (c <= 0xeff || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff)) {
      return 2;
    }
    return (c >= 0x3005 && c <= 0x312f)
            || (c >= 0x31f0 && c <= 0x31ff)
            || Character.isIdeographic(c)
        ? 1
        : 0;
  }
}
