package dev.mixlaw.mix.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.results.Overlap;
import dev.mixlaw.mix.Script;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Generates text in the scripts of ten languages, plants copies of documents in other text, and
 * measures how many copies are found and how many other documents are mistaken for copies.
 */
final class PlantedCopies {
  /**
   * Results for one script.
   *
   * @param items fraction of the planted documents that count as contaminated
   * @param nearCopies fraction of the planted near copies that are found as pairs
   * @param falseAlarms number of other documents that count as contaminated, or of wrong pairs if
   *     that is larger, divided by the number of other documents
   */
  record Found(double items, double nearCopies, double falseAlarms) {}

  private final Script script;
  private final SplittableRandom random;

  private PlantedCopies(Script script, long seed) {
    this.script = script;
    this.random = new SplittableRandom(seed);
  }

  private List<String> words(int count) {
    return script.words(random, count);
  }

  private String text(List<String> words) {
    return script.text(random, words);
  }

  /**
   * Returns the words as text with soft hyphens and other line breaks, in decomposed Unicode, and
   * in upper case in half of the cases.
   */
  private String disguised(List<String> words) {
    StringBuilder text = new StringBuilder();
    for (String word : words) {
      int cut = random.nextInt(8) == 0 ? word.offsetByCodePoints(0, 1) : 0;
      text.append(word, 0, cut).append(cut > 0 ? "\u00ad" : "").append(word.substring(cut));
      text.append(random.nextInt(10) == 0 ? "\n" : script.space());
    }
    String changed = Normalizer.normalize(text, Normalizer.Form.NFD);
    return random.nextBoolean() ? changed.toUpperCase(Locale.ROOT).replace("SS", "ß") : changed;
  }

  private static Corpus corpus(String name, List<String> texts) {
    List<Document> documents = new ArrayList<>();
    texts.forEach(text -> documents.add(new Document(name + documents.size(), text)));
    return Corpus.documents(name, () -> DocumentStream.of(documents));
  }

  /**
   * Generates documents, of which half have 8 to 20 words, plants every second one in a page, and
   * measures what is found.
   */
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
          changed.set(w, script.word(Script.VOCABULARY + i));
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

  /**
   * Returns whether a pair consists of a document and its near copy. They have the same index,
   * because every document adds one text to each corpus.
   */
  private static boolean isPlanted(String pair, int own, int near, int documents) {
    String[] ids = pair.split(" ");
    int first = Integer.parseInt(ids[0].substring("own".length()));
    return own == documents && near == documents && first % 2 == 0 && ids[1].equals("near" + first);
  }

  /** Prints a line for each language; the argument is the number of documents, for example 4000. */
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
