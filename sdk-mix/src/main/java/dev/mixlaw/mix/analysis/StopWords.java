package dev.mixlaw.mix.analysis;

import dev.mixlaw.mix.internal.TextResource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.ga.IrishAnalyzer;
import org.apache.lucene.analysis.gl.GalicianAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;

/**
 * Lists of frequent words for languages that share a script, most of them from Lucene. Some
 * unsupported languages have lists, too, so that they are not mistaken for related supported
 * languages.
 */
final class StopWords {
  private static final Map<String, List<String>> BY_WORD = byWord();

  private StopWords() {}

  static Set<Language> languages() {
    return Arrays.stream(Language.values())
        .filter(l -> l.stopWords().isPresent())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Language.class)));
  }

  /** Returns the codes of the languages whose list contains a lower-case word. */
  static List<String> languagesOf(String word) {
    return BY_WORD.getOrDefault(word, List.of());
  }

  private static Map<String, List<String>> byWord() {
    Map<String, Set<String>> lists = new TreeMap<>();
    for (Language language : Language.values()) {
      language.stopWords().ifPresent(words -> lists.put(language.code(), strings(words)));
    }
    lists.put("gl", strings(GalicianAnalyzer.getDefaultStopSet()));
    lists.put("eu", strings(BasqueAnalyzer.getDefaultStopSet()));
    lists.put("ga", strings(IrishAnalyzer.getDefaultStopSet()));
    lists.put("lt", strings(LithuanianAnalyzer.getDefaultStopSet()));
    lists.put("lv", strings(LatvianAnalyzer.getDefaultStopSet()));
    lists.put("et", strings(EstonianAnalyzer.getDefaultStopSet()));
    others(lists);
    Map<String, List<String>> byWord = new HashMap<>();
    lists.forEach(
        (code, words) ->
            words.forEach(word -> byWord.computeIfAbsent(word, w -> new ArrayList<>()).add(code)));
    return byWord;
  }

  private static void others(Map<String, Set<String>> lists) {
    for (String line : TextResource.lines(StopWords.class, "other-languages.txt")) {
      List<String> words = List.of(line.split(" ", -1));
      lists
          .computeIfAbsent(words.get(0), code -> new TreeSet<>())
          .addAll(words.subList(1, words.size()));
    }
  }

  private static Set<String> strings(CharArraySet words) {
    return words.stream()
        .map(word -> String.valueOf((char[]) word))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Returns the Snowball list of 174 English words. Lucene's default list has only 33 words, a
   * fifth of the lists for other languages, and Lucene's copy of the Snowball list is not
   * accessible.
   */
  static CharArraySet english() {
    return new CharArraySet(TextResource.lines(StopWords.class, "english-stop-words.txt"), false);
  }
}
