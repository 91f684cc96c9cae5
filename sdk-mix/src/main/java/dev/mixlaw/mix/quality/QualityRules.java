package dev.mixlaw.mix.quality;

import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.LanguageDetector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/** Published quality rules for English web text. Unicode white space separates words. */
final class QualityRules {
  private static final Pattern SPACE = Pattern.compile("(?U)\\s+");
  private static final Pattern LETTER = Pattern.compile("\\p{L}");
  private static final Set<String> STOP_WORDS =
      Set.of("the", "be", "to", "of", "and", "that", "have", "with");

  private QualityRules() {}

  static List<QualityRule> gopher() {
    List<QualityRule> rules = new ArrayList<>(gopherCounts());
    for (int n = 2; n <= 4; n++) {
      int words = n;
      double most = (24 - 2 * n) / 100.0;
      rules.add(
          outside("gopher: top " + n + "-gram", t -> repetition(t).inMostFrequent(words), 0, most));
    }
    for (int n = 5; n <= 10; n++) {
      int words = n;
      double most = (20 - n) / 100.0;
      rules.add(
          outside(
              "gopher: duplicate " + n + "-grams", t -> repetition(t).inRepeated(words), 0, most));
    }
    return List.copyOf(rules);
  }

  private static NgramRepetition repetition(String text) {
    return NgramRepetition.of(words(text));
  }

  private static List<QualityRule> gopherCounts() {
    return List.of(
        outside("gopher: words", t -> words(t).length, 50, 100_000),
        outside("gopher: mean word length", QualityRules::meanLength, 3, 10),
        outside("gopher: # per word", t -> perWord(t, "#"), 0, 0.1),
        outside("gopher: ellipses per word", t -> perWord(t, "...") + perWord(t, "…"), 0, 0.1),
        outside(
            "gopher: bullet lines",
            t ->
                lines(
                    t,
                    line -> line.startsWith("•") || line.startsWith("-") || line.startsWith("*")),
            0,
            0.9),
        outside(
            "gopher: lines ending in ellipsis",
            t -> lines(t, line -> line.endsWith("...") || line.endsWith("…")),
            0,
            0.3),
        outside("gopher: words with a letter", QualityRules::withLetter, 0.8, 1),
        new QualityRule("gopher: stop words", t -> stopWords(t) < 2),
        outside("gopher: duplicate lines", t -> duplicated(t, "\n", false), 0, 0.3),
        outside("gopher: characters in duplicate lines", t -> duplicated(t, "\n", true), 0, 0.2),
        outside("gopher: duplicate paragraphs", t -> duplicated(t, "\n\n", false), 0, 0.3),
        outside(
            "gopher: characters in duplicate paragraphs",
            t -> duplicated(t, "\n\n", true),
            0,
            0.2));
  }

  static List<QualityRule> c4() {
    return List.of(
        new QualityRule("c4: lorem ipsum", t -> t.toLowerCase(Locale.ROOT).contains("lorem ipsum")),
        new QualityRule("c4: brace", t -> t.indexOf('{') >= 0),
        new QualityRule("c4: sentences", t -> sentences(t) < 5),
        outside(
            "c4: lines ending a sentence",
            t -> lines(t, line -> line.matches("(?s).*[.!?\"”]")),
            0.5,
            1));
  }

  /** Returns a rule that rejects a text unless the given language is detected. */
  static QualityRule language(Language language) {
    return new QualityRule(
        "language: not " + language.code(),
        text -> LanguageDetector.detect(text).filter(language::equals).isEmpty());
  }

  private static QualityRule outside(
      String name, ToDoubleFunction<String> measure, double least, double most) {
    return new QualityRule(
        name,
        text -> {
          double value = measure.applyAsDouble(text);
          return value < least || value > most;
        });
  }

  private static String[] words(String text) {
    return SPACE.splitAsStream(text).filter(word -> !word.isEmpty()).toArray(String[]::new);
  }

  private static double meanLength(String text) {
    return Arrays.stream(words(text)).mapToInt(String::length).average().orElse(0);
  }

  private static double perWord(String text, String sign) {
    int found = 0;
    for (int at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + sign.length())) {
      found++;
    }
    return (double) found / Math.max(1, words(text).length);
  }

  private static double lines(String text, Predicate<String> kind) {
    List<String> lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    return lines.isEmpty() ? 0 : (double) lines.stream().filter(kind).count() / lines.size();
  }

  private static double withLetter(String text) {
    return Arrays.stream(words(text))
        .mapToInt(word -> LETTER.matcher(word).find() ? 1 : 0)
        .average()
        .orElse(0);
  }

  private static long stopWords(String text) {
    return Arrays.stream(words(text))
        .map(word -> word.toLowerCase(Locale.ROOT))
        .filter(STOP_WORDS::contains)
        .distinct()
        .count();
  }

  /**
   * Returns the fraction of a text's parts, such as lines, that repeat an earlier part.
   *
   * @param byCharacter whether parts are weighted by their numbers of characters
   */
  private static double duplicated(String text, String separator, boolean byCharacter) {
    Set<String> seen = new HashSet<>();
    long all = 0;
    long twice = 0;
    for (String part : text.split(Pattern.quote(separator), -1)) {
      String stripped = part.strip();
      if (!stripped.isEmpty()) {
        int weight = byCharacter ? stripped.length() : 1;
        all += weight;
        twice += seen.add(stripped) ? 0 : weight;
      }
    }
    return all == 0 ? 0 : (double) twice / all;
  }

  private static int sentences(String text) {
    int sentences = 0;
    for (int i = 0; i < text.length(); i++) {
      boolean end = ".!?".indexOf(text.charAt(i)) >= 0;
      boolean last = i + 1 == text.length();
      if (end && (last || !Character.isLetterOrDigit(text.charAt(i + 1)))) {
        if (last || ".!?".indexOf(text.charAt(i + 1)) < 0) {
          sentences++;
        }
      }
    }
    return sentences;
  }
}
