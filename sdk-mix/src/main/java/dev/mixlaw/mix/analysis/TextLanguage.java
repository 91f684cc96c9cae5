package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.internal.Hash64;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The language that most of a corpus or domain is in, and warnings where figures of words would
 * tell languages apart rather than subjects.
 *
 * @param name of the corpus or domain
 * @param language of more than half of what was looked at; empty if there is none, or none that is
 *     known: program text, say
 */
public record TextLanguage(String name, Optional<Language> language) {
  private static final int DOCUMENTS = 200;
  private static final int CHARACTERS = 4000; // of each
  private static final long SEED = 0x6c616e67L;

  public TextLanguage {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(language, "language");
  }

  /**
   * Reads a text, and looks at the beginnings of {@value #DOCUMENTS} of its documents, drawn by
   * their hashes: their order changes nothing.
   *
   * @throws dev.mixlaw.api.MixlawException if it cannot be read
   */
  public static TextLanguage of(String name, DocumentSource documents) {
    TreeMap<Key, String> drawn =
        new TreeMap<>(Comparator.comparingLong(Key::hash).thenComparingLong(Key::arrival));
    try (DocumentStream stream = documents.open()) {
      for (long arrival = 0; stream.hasNext(); arrival++) {
        String text = stream.next().text();
        String beginning = text.substring(0, Math.min(text.length(), CHARACTERS));
        drawn.put(new Key(Hash64.of(beginning, SEED), arrival), beginning);
        if (drawn.size() > DOCUMENTS) {
          drawn.pollLastEntry();
        }
      }
    }
    return new TextLanguage(name, most(pieces(drawn.values())));
  }

  /** Equal texts are kept apart by their arrival, which changes nothing. */
  private record Key(long hash, long arrival) {}

  /** Short documents are told together: one of a few words alone would not be. */
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

  /** The language of most texts; {@link Language#OTHER} if none is known. */
  public static Language commonest(Collection<TextLanguage> texts) {
    Map<Language, Long> counts = new EnumMap<>(Language.class);
    texts.forEach(t -> t.language().ifPresent(l -> counts.merge(l, 1L, Long::sum)));
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(Language.OTHER);
  }

  /**
   * What a reader of figures of words should know.
   *
   * @param rules by which words are cut
   */
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
        "; its words are cut by "
            + (rules == Language.OTHER ? "Unicode's rules" : "the rules of " + rules.code());
    if (language.isEmpty()) {
      return Optional.of(
          role + name + " is in no language that is known here, or in several" + cut);
    }
    return language.get() == rules
        ? Optional.empty()
        : Optional.of(role + name + " is in " + language.get().code() + cut);
  }

  /** Domains in another language, a warning for each language. */
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
                String.format(
                    Locale.ROOT,
                    "corpus %s is in %s, domains in %s (%s): coverage and divergence between them"
                        + " tell languages apart, not subjects",
                    name,
                    own.code(),
                    e.getKey().code(),
                    e.getValue()))
        .toList();
  }
}
