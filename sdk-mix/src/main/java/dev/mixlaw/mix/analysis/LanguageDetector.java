package dev.mixlaw.mix.analysis;

import dev.mixlaw.mix.analysis.internal.StopWords;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.analysis.CharArraySet;

/**
 * Tells the language of a text of a few sentences or more: by its script where one language of
 * {@link Language} writes in it, else by the most frequent words of each, as Lucene lists them.
 *
 * <p>A word of several languages' lists counts for each in part. A text is of no known language if
 * fewer than 8 % of its words are in the best list, or another language is within a tenth of it, so
 * that a short or mixed text is left undecided rather than guessed. Chosen over Lingua (very large
 * models), Optimaize (no release for years) and OpenNLP (a model to download): it adds nothing to
 * what Lucene brings.
 */
public final class LanguageDetector {
  private static final double LEAST_PART = 0.08;
  private static final double MARGIN = 1.1;
  private static final int LONGEST = 20_000; // characters that decide

  private LanguageDetector() {}

  /** The text's language; empty if it is of none that is known, or too short to tell. */
  public static Optional<Language> detect(String text) {
    String beginning = text.substring(0, Math.min(text.length(), LONGEST));
    Map<Character.UnicodeScript, Integer> scripts = new EnumMap<>(Character.UnicodeScript.class);
    beginning
        .codePoints()
        .filter(Character::isLetter)
        .forEach(c -> scripts.merge(Character.UnicodeScript.of(c), 1, Integer::sum));
    return scripts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .flatMap(
            most ->
                switch (most.getKey()) {
                  case HANGUL -> Optional.of(Language.KOREAN);
                  case HIRAGANA, KATAKANA -> Optional.of(Language.JAPANESE);
                  case HAN -> Optional.of(chinese(scripts));
                  case THAI -> Optional.of(Language.THAI);
                  case DEVANAGARI -> Optional.of(Language.HINDI);
                  case BENGALI -> Optional.of(Language.BENGALI);
                  case GREEK -> Optional.of(Language.GREEK);
                  default -> byWords(beginning);
                });
  }

  /** Japanese has one character in Kana or more for each three Chinese ones. */
  private static Language chinese(Map<Character.UnicodeScript, Integer> scripts) {
    int kana =
        scripts.getOrDefault(Character.UnicodeScript.HIRAGANA, 0)
            + scripts.getOrDefault(Character.UnicodeScript.KATAKANA, 0);
    return 3 * kana >= scripts.getOrDefault(Character.UnicodeScript.HAN, 0)
        ? Language.JAPANESE
        : Language.CHINESE;
  }

  private static Optional<Language> byWords(String text) {
    String[] words = text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}]+");
    Map<Language, Double> scores = new EnumMap<>(Language.class);
    for (String word : words) {
      List<Language> known =
          StopWords.all().entrySet().stream()
              .filter(list -> has(list.getValue(), word))
              .map(Map.Entry::getKey)
              .toList();
      known.forEach(language -> scores.merge(language, 1.0 / known.size(), Double::sum));
    }
    List<Map.Entry<Language, Double>> best =
        scores.entrySet().stream()
            .sorted(Map.Entry.<Language, Double>comparingByValue().reversed())
            .limit(2)
            .toList();
    if (best.isEmpty() || best.get(0).getValue() < LEAST_PART * words.length) {
      return Optional.empty();
    }
    boolean close = best.size() > 1 && best.get(0).getValue() < MARGIN * best.get(1).getValue();
    return close ? Optional.empty() : Optional.of(best.get(0).getKey());
  }

  private static boolean has(CharArraySet list, String word) {
    return !word.isEmpty() && list.contains(word);
  }
}
