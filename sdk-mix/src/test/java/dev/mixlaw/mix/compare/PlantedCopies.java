package dev.mixlaw.mix.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.compare.CorpusComparison.Overlap;
import dev.mixlaw.mix.internal.Hash64;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Text in the scripts of nine languages, with copies planted in other text: how many are found, and
 * how many others are taken for copies. Words are drawn by Zipf's law, and a third of the text are
 * common phrases.
 */
final class PlantedCopies {
  private static final int VOCABULARY = 20_000;
  private static final int PHRASES = 2_000;

  /** Letters of a language, and vowel signs that follow some of them. */
  enum Script {
    ENGLISH("abcdefghijklmnopqrstuvwxyz", "", 7, " "),
    GERMAN("abcdefghijklmnopqrstuvwxyzäöüß", "", 8, " "),
    RUSSIAN("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "", 8, " "),
    ARABIC("ابتثجحخدذرزسشصضطظعغفقكلمنهويأإة", "\u064e\u0650", 6, " "),
    HINDI("कखगघचछजझटठडढणतथदधनपफबभमयरलवशसह", "\u093e\u093f\u0940\u0941\u0947\u094b\u094d", 5, " "),
    THAI("กขคงจชซดตถทนบปผพฟมยรลวสหอ", "\u0e31\u0e34\u0e35\u0e38\u0e39\u0e48\u0e49", 4, ""),
    CHINESE(range(0x4e00, 3500), "", 2, ""),
    JAPANESE(range(0x4e00, 1500) + range(0x3042, 80) + range(0x30a2, 80), "", 2, ""),
    KOREAN(range(0xac00, 2000), "", 3, " ");

    private final int[] letters;
    private final String signs;
    private final int length;
    private final String space;

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

    /** Returns a word of the vocabulary; common ones are short. */
    private String word(int rank) {
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
  }

  /**
   * What was found.
   *
   * @param items part of the planted items that count as contaminated
   * @param nearCopies part of the planted near copies that are found as pairs
   * @param falseAlarms part of the other documents that count as contaminated, or of other pairs
   */
  record Found(double items, double nearCopies, double falseAlarms) {}

  private final Script script;
  private final SplittableRandom random;

  private PlantedCopies(Script script, long seed) {
    this.script = script;
    this.random = new SplittableRandom(seed);
  }

  private int rank(int most) {
    return (int) Math.exp(random.nextDouble() * Math.log(most));
  }

  private List<String> words(int count) {
    List<String> words = new ArrayList<>();
    while (words.size() < count) {
      if (random.nextInt(12) == 0) {
        int phrase = rank(PHRASES);
        SplittableRandom of = new SplittableRandom(Hash64.at(99, phrase));
        for (int i = of.nextInt(3, 7); i > 0; i--) {
          words.add(script.word((int) Math.exp(of.nextDouble() * Math.log(VOCABULARY))));
        }
      } else {
        words.add(script.word(rank(VOCABULARY)));
      }
    }
    return words.subList(0, count);
  }

  private String text(List<String> words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      text.append(words.get(i));
      if (random.nextInt(12) == 0) {
        text.append(script.space.isEmpty() ? "。" : ".");
      }
      text.append(script.space);
    }
    return text.toString();
  }

  /** Changes the encoding, the line breaks and the punctuation, but no word. */
  private String disguised(List<String> words) {
    StringBuilder text = new StringBuilder();
    for (String word : words) {
      int cut = random.nextInt(8) == 0 ? word.offsetByCodePoints(0, 1) : 0;
      text.append(word, 0, cut).append(cut > 0 ? "\u00ad" : "").append(word.substring(cut));
      text.append(random.nextInt(10) == 0 ? "\n" : script.space);
    }
    String changed = Normalizer.normalize(text, Normalizer.Form.NFD);
    return random.nextBoolean() ? changed.toUpperCase(Locale.ROOT).replace("SS", "ß") : changed;
  }

  private static Corpus corpus(String name, List<String> texts) {
    List<Document> documents = new ArrayList<>();
    texts.forEach(text -> documents.add(new Document(name + documents.size(), text)));
    return Corpus.documents(name, () -> DocumentStream.of(documents));
  }

  /** Plants half of a number of documents in pages; half of the documents have 8 to 20 words. */
  static Found measure(Script script, int documents, long seed) {
    PlantedCopies made = new PlantedCopies(script, seed);
    List<String> planted = new ArrayList<>();
    List<String> own = new ArrayList<>();
    List<String> pages = new ArrayList<>();
    List<String> near = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      int length = i % 4 < 2 ? made.random.nextInt(8, 21) : made.random.nextInt(60, 200);
      List<String> words = made.words(length);
      String before = made.text(made.words(150));
      String after = made.text(made.words(150));
      if (i % 2 == 0) {
        planted.add(made.text(words));
        pages.add(before + "\n" + made.disguised(words) + "\n" + after);
        List<String> changed = new ArrayList<>(made.words(100));
        own.add(made.text(changed));
        for (int w = 5; w < changed.size(); w += 20) {
          changed.set(w, script.word(VOCABULARY + i));
        }
        near.add(made.disguised(changed));
      } else {
        own.add(made.text(words));
        pages.add(before + after);
        near.add(made.text(made.words(100)));
      }
    }
    List<Overlap> overlaps =
        CorpusComparison.overlaps(
            List.of(corpus("pages", pages)),
            List.of(corpus("planted", planted), corpus("own", own)));
    Set<String> pairs =
        new HashSet<>(NearCopies.of(List.of(corpus("own", own), corpus("near", near))).pairs());
    long right =
        pairs.stream().filter(p -> isPlanted(p, own.size(), near.size(), documents)).count();
    return new Found(
        overlaps.get(0).contaminated() / (double) planted.size(),
        right / (documents / 2.0),
        Math.max(overlaps.get(1).contaminated(), pairs.size() - right) / (double) own.size());
  }

  /** Document i gives texts i of both corpora, as every document adds one to each. */
  private static boolean isPlanted(String pair, int own, int near, int documents) {
    String[] ids = pair.split(" ");
    int first = Integer.parseInt(ids[0].substring("own".length()));
    return own == documents && near == documents && first % 2 == 0 && ids[1].equals("near" + first);
  }

  /** Prints a line for each language. Argument: the number of documents, such as 4000. */
  public static void main(String[] arguments) {
    System.out.printf(
        "%-10s %12s %12s %14s%n", "language", "items found", "near copies", "false alarms");
    for (Script script : Script.values()) {
      Found found = measure(script, Integer.parseInt(arguments[0]), 7);
      System.out.printf(
          Locale.ROOT,
          "%-10s %10.2f %% %10.2f %% %12.3f %%%n",
          script.name().toLowerCase(Locale.ROOT),
          100 * found.items(),
          100 * found.nearCopies(),
          100 * found.falseAlarms());
    }
  }
}
