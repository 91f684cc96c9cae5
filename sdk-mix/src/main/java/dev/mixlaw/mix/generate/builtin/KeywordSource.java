package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.LanguageDetector;
import dev.mixlaw.mix.analysis.Words;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.LowestHashes;
import dev.mixlaw.mix.internal.Utf8;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Samples keywords from a corpus, from which text about the same subjects can be generated.
 *
 * <p>Up to {@value #SAMPLE} documents are drawn at random. The candidates of a document are the
 * words with the largest TF-IDF among those that occur in at most a fifth of the documents.
 * Keywords are drawn at random from the candidates of one document. No list of stop words is
 * needed, so every language is supported. At most 8 kB of memory are needed per sampled document.
 *
 * @param materials number of keyword lists
 * @param words number of words per list; fewer if a document does not have enough
 */
record KeywordSource(int materials, int words) implements MaterialSource {
  static final int SAMPLE = 2000;
  private static final int CANDIDATES = 24;
  private static final int LONGEST_TEXT = 8_000;
  private static final double MOST_COMMON = 0.2;
  private static final Set<Language> UNSPACED =
      Set.of(Language.CHINESE, Language.JAPANESE, Language.THAI);

  /** Matches words of at least four letters, at least two in Korean, and any number in Chinese. */
  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{M}]{4,}|\\p{IsHangul}{2,}|\\p{L}*\\p{IsHan}\\p{L}*");

  KeywordSource {
    if (materials < 1 || words < 1 || words > CANDIDATES) {
      throw new IllegalArgumentException(
          "%s materials of %s words; expected at least 1 material of 1 to %s words"
              .formatted(materials, words, CANDIDATES));
    }
  }

  @Override
  public String description() {
    return materials + " lists of " + words + " keywords, each from a document drawn at random";
  }

  @Override
  public void make(DocumentSource documents, DraftSession session, Consumer<Material> consumer) {
    List<Candidates> sample = candidates(sample(documents, session.seed()));
    for (int i = 0; i < materials && !sample.isEmpty(); i++) {
      Candidates from = sample.get(i % sample.size());
      List<String> left = new ArrayList<>(from.words());
      long seed = Hash64.at(session.seed(), i);
      List<String> drawn = new ArrayList<>();
      for (int w = 0; w < words && !left.isEmpty(); w++) {
        drawn.add(left.remove((int) Long.remainderUnsigned(Hash64.at(seed, w), left.size())));
      }
      String id = Texts.format("keywords-%07d", i);
      consumer.accept(Material.whole(id, from.id(), String.join(", ", drawn)));
    }
  }

  private record Candidates(String id, List<String> words) {}

  /** Returns a random sample of documents, in random order. */
  private static List<Document> sample(DocumentSource documents, long seed) {
    LowestHashes<Document> lowest = new LowestHashes<>(SAMPLE);
    Documents.each(
        documents.open(),
        d ->
            lowest.add(
                Hash64.of(d.id(), seed),
                new Document(d.id(), Utf8.cut(d.text(), LONGEST_TEXT)),
                1));
    return lowest.values();
  }

  private static List<Candidates> candidates(List<Document> sample) {
    List<Map<String, Integer>> counts = sample.stream().map(d -> words(d.text())).toList();
    Map<String, Integer> documents = new TreeMap<>();
    counts.forEach(c -> c.keySet().forEach(word -> documents.merge(word, 1, Integer::sum)));
    double mostCommon = Math.max(1, MOST_COMMON * sample.size());
    List<Candidates> all = new ArrayList<>();
    for (int d = 0; d < sample.size(); d++) {
      Map<String, Integer> own = counts.get(d);
      Comparator<String> byWeight =
          Comparator.comparingDouble(
              w -> -own.get(w) * Math.log((sample.size() + 1.0) / documents.get(w)));
      List<String> best =
          own.keySet().stream()
              .filter(w -> documents.get(w) <= mostCommon)
              .sorted(byWeight.thenComparing(Comparator.naturalOrder()))
              .limit(CANDIDATES)
              .toList();
      if (!best.isEmpty()) {
        all.add(new Candidates(sample.get(d).id(), best));
      }
    }
    return all;
  }

  /** Counts the words that consist only of letters and combining marks, in lower case. */
  private static Map<String, Integer> words(String text) {
    // Languages with spaces get the Unicode rules, because their own rules unify spellings, and
    // the prompt should contain the words as written.
    Language language =
        LanguageDetector.detect(text).filter(UNSPACED::contains).orElse(Language.OTHER);
    Map<String, Integer> counts = new TreeMap<>();
    try (Words words = Words.of(language)) {
      for (String word : words.list(text)) {
        if (WORD.matcher(word).matches()) {
          counts.merge(word, 1, Integer::sum);
        }
      }
    }
    return counts;
  }
}
