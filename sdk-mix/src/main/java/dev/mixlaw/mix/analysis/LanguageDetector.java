package dev.mixlaw.mix.analysis;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Detects the language of a text of at least a few sentences. The script determines the language if
 * only one language of {@link Language} uses it. Otherwise, the language is determined by Lucene's
 * lists of frequent words.
 *
 * <p>A word that is in the lists of several languages counts partially for each language. The
 * language is unknown if less than 8 % of the words are in the best-matching list, or if that list
 * is of an unsupported language. The language of program code is also unknown. Lingua (very large
 * models), Optimaize (no release for years) and OpenNLP (needs a download) were not used, because
 * Lucene is enough.
 */
public final class LanguageDetector {
  private static final double LEAST_PART = 0.08;
  private static final double MARGIN = 1.1;

  /**
   * The minimum score of a possible language, as a fraction of the best score. The fraction is low,
   * because related languages share half of their frequent words.
   */
  private static final double MAY_BE = 0.5;

  private static final int FEWEST_WORDS = 20;
  private static final int LONGEST = 20_000; // maximum number of characters that are examined
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}]+");

  private static final Map<Character.UnicodeScript, Language> SCRIPTS =
      Map.of(
          Character.UnicodeScript.HANGUL, Language.KOREAN,
          Character.UnicodeScript.HIRAGANA, Language.JAPANESE,
          Character.UnicodeScript.KATAKANA, Language.JAPANESE,
          Character.UnicodeScript.HAN, Language.CHINESE,
          Character.UnicodeScript.THAI, Language.THAI,
          Character.UnicodeScript.BENGALI, Language.BENGALI,
          Character.UnicodeScript.GREEK, Language.GREEK);

  /** Matches Cyrillic, Arabic and Bengali letters that no supported language uses. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "[\\p{IsCyrillic}&&\\p{L}&&[^а-яА-ЯёЁ]]|[\u09f0\u09f1]"
              + "|[\\p{IsArabic}&&\\p{L}&&[^ء-غـ-يپچژکگیۀ]]");

  private static final double MOST_FOREIGN = 0.01;

  /** Matches lines that are typical of program code, configuration files and formulas. */
  private static final Pattern CODE =
      Pattern.compile(
          "[)\\]}\"'];\\s*$|[{}]\\s*$|=.*;\\s*$|==|!=|&&|\\|\\||->|=>|::|\\w_\\w|\\w\\.\\w+\\("
              + "|^\\s*(?:import |from \\S+ import|def |class \\w+[:({ ]|return\\b|public |private "
              + "|static |#\\s*(?:include|define|if|ifdef|ifndef|endif|else)\\b|@\\w+|//|/?\\*+ "
              + "|\\*+/|elif |else:|try:|except|\\\\(?:begin|end)\\b|[\\w.\\[\\]]+ [-+*/|]?= )"
              + "|[\\w\\]]\\([^() ]*\\)\\s*[;:{.,)]*\\s*$|\\\\[a-z]+\\{|\\$\\\\");

  private static final double MOST_CODE = 0.4;
  private static final double MOST_SIGNS = 0.025;
  private static final String SIGNS = "{}[]();=<>_\\&|+$^";

  private LanguageDetector() {}

  static Set<Language> known() {
    Set<Language> known = EnumSet.copyOf(StopWords.languages());
    known.addAll(SCRIPTS.values());
    return known;
  }

  /**
   * Returns the language for a code.
   *
   * @throws IllegalArgumentException if the language cannot be detected
   */
  public static Language language(String code) {
    return Language.ofCode(code)
        .filter(known()::contains)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "language: "
                        + code
                        + "; expected "
                        + known().stream()
                            .map(Language::code)
                            .sorted()
                            .collect(Collectors.joining(", "))));
  }

  /**
   * Returns the language of a text. The result is empty if the language is unknown, if the text is
   * too short, or if the best score is less than 10 % above the second best.
   */
  public static Optional<Language> detect(String text) {
    List<Map.Entry<Language, Double>> best = scores(text);
    boolean close = best.size() > 1 && best.get(0).getValue() < MARGIN * best.get(1).getValue();
    return best.isEmpty() || close ? Optional.empty() : Optional.of(best.get(0).getKey());
  }

  /**
   * Returns the possible languages of a text, including related ones, most likely first. The list
   * is empty if the text has fewer than {@value #FEWEST_WORDS} words or an unknown script.
   */
  public static List<Language> candidates(String text) {
    List<Map.Entry<Language, Double>> best = scores(text);
    if (best.isEmpty() || size(text, best.get(0).getKey()) < FEWEST_WORDS) {
      return List.of();
    }
    return best.stream()
        .filter(e -> e.getValue() >= MAY_BE * best.get(0).getValue())
        .map(Map.Entry::getKey)
        .filter(language -> language != Language.OTHER)
        .toList();
  }

  private static long size(String text, Language language) {
    return SCRIPTS.containsValue(language)
        ? text.codePoints().filter(Character::isLetter).count()
        : NO_WORD.splitAsStream(text).filter(word -> !word.isEmpty()).count();
  }

  /**
   * Returns the score of each language, best first. The score is the fraction of the words that are
   * in the language's list, where a word in several lists counts partially. A language that is
   * detected by its script has the score 1.
   */
  private static List<Map.Entry<Language, Double>> scores(String text) {
    String beginning = text.substring(0, Math.min(text.length(), LONGEST));
    if (isCode(beginning)) {
      return List.of();
    }
    Map<Character.UnicodeScript, Integer> scripts = new EnumMap<>(Character.UnicodeScript.class);
    beginning
        .codePoints()
        .filter(Character::isLetter)
        .forEach(c -> scripts.merge(Character.UnicodeScript.of(c), 1, Integer::sum));
    if (isForeign(beginning)) {
      return List.of();
    }
    Optional<Language> byScript =
        scripts.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(most -> SCRIPTS.get(most.getKey()))
            .map(language -> language == Language.CHINESE ? chinese(scripts) : language);
    return byScript.isPresent()
        ? List.of(Map.entry(byScript.get(), 1.0))
        : byWords(NO_WORD.split(beginning.toLowerCase(Locale.ROOT)));
  }

  private static boolean isForeign(String text) {
    long letters = text.codePoints().filter(Character::isLetter).count();
    return FOREIGN.matcher(text).results().count() > MOST_FOREIGN * letters;
  }

  /**
   * Returns whether a text has many lines and punctuation marks that are typical of program code.
   */
  private static boolean isCode(String text) {
    long letters = text.codePoints().filter(Character::isLetter).count();
    long signs = text.chars().filter(c -> SIGNS.indexOf(c) >= 0).count();
    if (signs <= MOST_SIGNS * letters) {
      return false;
    }
    long all = text.lines().filter(line -> !line.isBlank()).mapToLong(String::length).sum();
    long code = text.lines().filter(CODE.asPredicate()).mapToLong(String::length).sum();
    return code > MOST_CODE * all;
  }

  /** Distinguishes Japanese from Chinese by the number of Kana per Chinese character. */
  private static Language chinese(Map<Character.UnicodeScript, Integer> scripts) {
    int kana =
        scripts.getOrDefault(Character.UnicodeScript.HIRAGANA, 0)
            + scripts.getOrDefault(Character.UnicodeScript.KATAKANA, 0);
    return 3 * kana >= scripts.getOrDefault(Character.UnicodeScript.HAN, 0)
        ? Language.JAPANESE
        : Language.CHINESE;
  }

  private static List<Map.Entry<Language, Double>> byWords(String[] words) {
    Map<String, Double> scores = new TreeMap<>();
    for (String word : words) {
      List<String> having = StopWords.languagesOf(word);
      having.forEach(code -> scores.merge(code, 1.0 / having.size() / words.length, Double::sum));
    }
    List<Map.Entry<Language, Double>> best =
        scores.entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .map(e -> Map.entry(Language.ofCode(e.getKey()).orElse(Language.OTHER), e.getValue()))
            .toList();
    boolean unknown =
        best.isEmpty()
            || best.get(0).getValue() < LEAST_PART
            || best.get(0).getKey() == Language.OTHER;
    return unknown ? List.of() : best;
  }
}
