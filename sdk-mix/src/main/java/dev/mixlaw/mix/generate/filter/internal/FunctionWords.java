package dev.mixlaw.mix.generate.filter.internal;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

/**
 * Tells languages by their function words, Lucene's stop words, and those without spaces by their
 * script. Enough to notice an answer in the wrong language; close relatives are not held apart.
 */
public final class FunctionWords {
  /** A text with fewer words, or letters of a script without words, is not told. */
  private static final int FEWEST_WORDS = 20;

  /** The least share of function words in running text; below it is a list or unknown. */
  private static final double LEAST_SHARE = 0.15;

  /** A language with nearly as many hits as the best may be the one. */
  private static final double NEARLY = 0.8;

  /** The beginning of a text tells enough. */
  private static final int MOST_WORDS = 400;

  private static final Map<String, List<String>> LANGUAGES_BY_WORD = new HashMap<>();
  private static final Map<String, CharArraySet> STOP_WORDS = stopWords();

  static {
    STOP_WORDS.forEach(
        (language, words) -> {
          for (Object word : words) {
            LANGUAGES_BY_WORD
                .computeIfAbsent(String.valueOf((char[]) word), w -> new ArrayList<>())
                .add(language);
          }
        });
  }

  private static final Map<Character.UnicodeScript, String> SCRIPTS =
      Map.of(
          Character.UnicodeScript.HAN, "zh",
          Character.UnicodeScript.HIRAGANA, "ja",
          Character.UnicodeScript.KATAKANA, "ja",
          Character.UnicodeScript.HANGUL, "ko",
          Character.UnicodeScript.THAI, "th");

  private FunctionWords() {}

  private static Map<String, CharArraySet> stopWords() {
    Map<String, CharArraySet> sets = new TreeMap<>();
    sets.put("ar", ArabicAnalyzer.getDefaultStopSet());
    sets.put("bg", BulgarianAnalyzer.getDefaultStopSet());
    sets.put("ca", CatalanAnalyzer.getDefaultStopSet());
    sets.put("cs", CzechAnalyzer.getDefaultStopSet());
    sets.put("da", DanishAnalyzer.getDefaultStopSet());
    sets.put("de", GermanAnalyzer.getDefaultStopSet());
    sets.put("el", GreekAnalyzer.getDefaultStopSet());
    sets.put("en", EnglishAnalyzer.getDefaultStopSet());
    sets.put("es", SpanishAnalyzer.getDefaultStopSet());
    sets.put("fa", PersianAnalyzer.getDefaultStopSet());
    sets.put("fi", FinnishAnalyzer.getDefaultStopSet());
    sets.put("fr", FrenchAnalyzer.getDefaultStopSet());
    sets.put("hi", HindiAnalyzer.getDefaultStopSet());
    sets.put("hu", HungarianAnalyzer.getDefaultStopSet());
    sets.put("it", ItalianAnalyzer.getDefaultStopSet());
    sets.put("nl", DutchAnalyzer.getDefaultStopSet());
    sets.put("no", NorwegianAnalyzer.getDefaultStopSet());
    sets.put("pt", PortugueseAnalyzer.getDefaultStopSet());
    sets.put("ro", RomanianAnalyzer.getDefaultStopSet());
    sets.put("ru", RussianAnalyzer.getDefaultStopSet());
    sets.put("sv", SwedishAnalyzer.getDefaultStopSet());
    sets.put("tr", TurkishAnalyzer.getDefaultStopSet());
    return sets;
  }

  /**
   * Checks a language's code.
   *
   * @throws IllegalArgumentException if it is not known
   */
  public static void requireKnown(String language) {
    Set<String> known = new TreeSet<>(STOP_WORDS.keySet());
    known.addAll(SCRIPTS.values());
    if (!known.contains(language)) {
      throw new IllegalArgumentException(
          "language: " + language + "; allowed: " + String.join(", ", known));
    }
  }

  /** Languages that a text may be in, the likeliest first; none if it cannot be told. */
  public static List<String> candidates(String text) {
    Map<String, Double> hits = hits(text);
    double best = hits.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    if (best < LEAST_SHARE) {
      return List.of();
    }
    return hits.entrySet().stream()
        .filter(e -> e.getValue() >= NEARLY * best)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Function words a word, by language; for languages known by script, letters a letter. */
  private static Map<String, Double> hits(String text) {
    Map<String, Double> byScript = scripts(text);
    if (!byScript.isEmpty()) {
      return byScript;
    }
    List<String> words = words(text);
    Map<String, Double> hits = new TreeMap<>();
    if (words.size() >= FEWEST_WORDS) {
      for (String word : words) {
        for (String language : LANGUAGES_BY_WORD.getOrDefault(word, List.of())) {
          hits.merge(language, 1.0 / words.size(), Double::sum);
        }
      }
    }
    return hits;
  }

  /** Japanese has Han letters too: a tenth of kana decides. */
  private static Map<String, Double> scripts(String text) {
    Map<String, Integer> counts = new HashMap<>();
    int letters = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (Character.isLetter(c)) {
        letters++;
        String language = SCRIPTS.get(Character.UnicodeScript.of(c));
        if (language != null) {
          counts.merge(language, 1, Integer::sum);
        }
      }
    }
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    if (letters < FEWEST_WORDS || 2 * all < letters) {
      return Map.of();
    }
    String language =
        10 * counts.getOrDefault("ja", 0) >= all
            ? "ja"
            : counts.entrySet().stream()
                .max(
                    Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey()))
                .orElseThrow()
                .getKey();
    return Map.of(language, 1.0);
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    try (StandardTokenizer tokens = new StandardTokenizer()) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.setReader(new StringReader(text));
      tokens.reset();
      while (words.size() < MOST_WORDS && tokens.incrementToken()) {
        if (term.length() > 1) { // single letters are words in one language, formulas in all
          words.add(term.toString().toLowerCase(Locale.ROOT));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // from a string: cannot be
    }
    return words;
  }
}
