package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.LowestHashes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The main language of a corpus or domain.
 *
 * @param name name of the corpus or domain
 * @param language language of more than half of the text; empty if there is none or if it is
 *     unknown, as for program code
 */
public record TextLanguage(String name, Optional<Language> language) {
  private static final int DOCUMENTS = 200;
  private static final int CHARACTERS = 4000; // used from each document
  private static final long SEED = 0x6c616e67L;

  /**
   * Detects the language from the beginnings of {@value #DOCUMENTS} documents, which are selected
   * by their hashes, so that the order of the documents has no effect.
   */
  public static TextLanguage of(String name, DocumentSource documents) {
    Sample sample = new Sample();
    Documents.each(documents.open(), document -> sample.add(document.text()));
    return new TextLanguage(name, sample.language());
  }

  public static final class Sample {
    private final LowestHashes<String> drawn = new LowestHashes<>(DOCUMENTS);

    public Sample() {}

    public void add(String text) {
      String beginning = text.substring(0, Math.min(text.length(), CHARACTERS));
      drawn.add(Hash64.of(beginning, SEED), beginning, 1);
    }

    /** Returns the beginnings of the sampled documents, which can be added to another sample. */
    public List<String> beginnings() {
      return drawn.inOrder();
    }

    /** Returns the language that makes up more than half of the sample, if any. */
    public Optional<Language> language() {
      return most(pieces(drawn.values()));
    }
  }

  /** Joins short documents, because the language of a few words cannot be detected. */
  private static List<String> pieces(Collection<String> beginnings) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (String beginning : beginnings) {
      piece.append(beginning).append('\n');
      if (piece.length() >= CHARACTERS / 4) {
        pieces.add(piece.toString());
        piece.setLength(0);
      }
    }
    pieces.add(piece.toString());
    return pieces;
  }

  private static Optional<Language> most(List<String> pieces) {
    Map<Language, Long> characters = new EnumMap<>(Language.class);
    for (String piece : pieces) {
      LanguageDetector.detect(piece)
          .ifPresent(l -> characters.merge(l, (long) piece.length(), Long::sum));
    }
    long all = pieces.stream().mapToLong(String::length).sum();
    return characters.entrySet().stream()
        .filter(e -> 2 * e.getValue() > all)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Returns the most common language, or {@link Language#OTHER} if no language is known. */
  public static Language commonest(Collection<TextLanguage> texts) {
    Map<Language, Long> counts = new EnumMap<>(Language.class);
    texts.forEach(t -> t.language().ifPresent(l -> counts.merge(l, 1L, Long::sum)));
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(Language.OTHER);
  }

  /** Returns warnings about texts in other languages, which distort word statistics. */
  public static List<String> warnings(
      List<TextLanguage> corpora, List<TextLanguage> domains, Language rules) {
    List<String> warnings = new ArrayList<>();
    corpora.forEach(corpus -> corpus.unlike("corpus ", rules).ifPresent(warnings::add));
    domains.forEach(domain -> domain.unlike("domain ", rules).ifPresent(warnings::add));
    for (TextLanguage corpus : corpora) {
      corpus.language().ifPresent(of -> warnings.addAll(corpus.others(of, domains)));
    }
    return warnings;
  }

  private Optional<String> unlike(String role, Language rules) {
    String cut =
        "; it is split into words by "
            + (rules == Language.OTHER ? "the Unicode rules" : "the rules of " + rules.code());
    if (language.isEmpty()) {
      return Optional.of(role + name + " is in an unknown language or in several languages" + cut);
    }
    return language.get() == rules
        ? Optional.empty()
        : Optional.of(role + name + " is in " + language.get().code() + cut);
  }

  private List<String> others(Language own, List<TextLanguage> domains) {
    Map<Language, String> names = new EnumMap<>(Language.class);
    for (TextLanguage domain : domains) {
      domain
          .language()
          .filter(l -> l != own)
          .ifPresent(l -> names.merge(l, domain.name(), (a, b) -> a + ", " + b));
    }
    return names.entrySet().stream()
        .map(
            e ->
                Texts.format(
                    "corpus %s is in %s, but domains are in %s (%s): their coverage and divergence measure differences between languages, not between subjects",
                    name, own.code(), e.getKey().code(), e.getValue()))
        .toList();
  }
}
