package dev.mixlaw.mix;

import dev.mixlaw.mix.internal.Hash64;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Generates made-up text in the scripts of ten languages. Words are drawn by Zipf's law, and a
 * third of the text consists of common phrases.
 */
public enum Script {
  ENGLISH("abcdefghijklmnopqrstuvwxyz", "", 7, " "),
  GERMAN("abcdefghijklmnopqrstuvwxyzäöüß", "", 8, " "),
  RUSSIAN("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "", 8, " "),
  ARABIC("ابتثجحخدذرزسشصضطظعغفقكلمنهويأإة", "\u064e\u0650", 6, " "),
  HINDI("कखगघचछजझटठडढणतथदधनपफबभमयरलवशसह", "\u093e\u093f\u0940\u0941\u0947\u094b\u094d", 5, " "),
  THAI("กขคงจชซดตถทนบปผพฟมยรลวสหอ", "\u0e31\u0e34\u0e35\u0e38\u0e39\u0e48\u0e49", 4, ""),
  CHINESE(range(0x4e00, 3500), "", 2, ""),
  JAPANESE(range(0x4e00, 1500) + range(0x3042, 80) + range(0x30a2, 80), "", 2, ""),
  KOREAN(range(0xac00, 2000), "", 3, " "),
  VIETNAMESE("abcdđeghiklmnopqrstuvxyăâêôơưàáảãạ", "\u0300\u0301\u0309", 4, " ");

  /** Number of words that {@link #words} draws from. */
  public static final int VOCABULARY = 20_000;

  private static final int PHRASES = 2_000;

  private final int[] letters;
  private final String signs;
  private final int length;
  private final String space;

  /**
   * Creates a script.
   *
   * @param signs marks that follow some of the letters
   */
  Script(String letters, String signs, int length, String space) {
    this.letters = letters.codePoints().toArray();
    this.signs = signs;
    this.length = length;
    this.space = space;
  }

  private static String range(int from, int count) {
    StringBuilder text = new StringBuilder();
    for (int c = from; c < from + count; c++) {
      text.appendCodePoint(c);
    }
    return text.toString();
  }

  /** Returns the separator of words: a space, or nothing in scripts without spaces. */
  public String space() {
    return space;
  }

  /** Returns the word with the given frequency rank; the most frequent words are short. */
  public String word(int rank) {
    SplittableRandom random = new SplittableRandom(Hash64.at(ordinal(), rank));
    int most = Math.max(1, Math.min(2 * length, length * (rank < 100 ? 1 : 2) / 2 + 1));
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(1, most + 1); i > 0; i--) {
      word.appendCodePoint(letters[random.nextInt(letters.length)]);
      if (!signs.isEmpty() && random.nextInt(2) == 0) {
        word.append(signs.charAt(random.nextInt(signs.length())));
      }
    }
    return word.toString();
  }

  private static int rank(SplittableRandom random, int most) {
    return (int) Math.exp(random.nextDouble() * Math.log(most));
  }

  /** Returns random words, among them common phrases. */
  public List<String> words(SplittableRandom random, int count) {
    List<String> words = new ArrayList<>();
    while (words.size() < count) {
      if (random.nextInt(12) == 0) {
        SplittableRandom of = new SplittableRandom(Hash64.at(99, rank(random, PHRASES)));
        for (int i = of.nextInt(3, 7); i > 0; i--) {
          words.add(word(rank(of, VOCABULARY)));
        }
      } else {
        words.add(word(rank(random, VOCABULARY)));
      }
    }
    return words.subList(0, count);
  }

  /** Joins words to text and ends sentences at random places. */
  public String text(SplittableRandom random, List<String> words) {
    StringBuilder text = new StringBuilder();
    for (String word : words) {
      text.append(word);
      if (random.nextInt(12) == 0) {
        text.append(space.isEmpty() ? "。" : ".");
      }
      text.append(space);
    }
    return text.toString();
  }
}
