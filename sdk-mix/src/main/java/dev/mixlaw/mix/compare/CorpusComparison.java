package dev.mixlaw.mix.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.results.Overlap;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.WordDistance;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.internal.Contamination;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.MinHashIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A comparison of the words in training texts and in domains, which can be made before any
 * training. The comparison consists of the statistics of each corpus and the fit of each training
 * text to each domain. Word statistics do not predict which text trains the better model.
 *
 * <p>The training texts are the corpora, the unions of all natural, all synthetic and all corpora,
 * and mixtures. The mixtures are those of the caller and, for each synthetic corpus, a mixture of
 * one third of that corpus with natural text.
 *
 * @param language ISO 639-1 code of the language whose word rules were used; {@code und} for the
 *     Unicode rules
 * @param warnings warnings about texts in other or unknown languages
 * @param domains names of the domains
 * @param corpora statistics of each corpus
 * @param texts training texts, in the order corpora, unions, mixtures
 * @param copies number of near copies for each pair of corpora
 * @param overlaps documents of each domain that also occur in each corpus
 */
public record CorpusComparison(
    String language,
    List<String> warnings,
    List<String> domains,
    List<CorpusStatistics> corpora,
    List<Text> texts,
    List<Copies> copies,
    List<Overlap> overlaps) {
  /**
   * The number of words in a sample. {@link WordComparison.Fit#seenTypes} and {@link
   * WordComparison.Fit#seenTokens} also assume this number of training words, so that texts of
   * different sizes can be compared.
   */
  public static final long SAMPLE_WORDS = 120_000;

  /**
   * The weight of the domain in the smoothed training distribution of {@link
   * WordComparison.Fit#kl}.
   */
  public static final double SKEW = WordDistance.SKEW;

  /** The minimum Jaccard index of the 3-word shingles of two near copies. */
  public static final double COPY_THRESHOLD = MinHashIndex.COPY_THRESHOLD;

  /**
   * The minimum number of words in a document that is compared. Shorter documents resemble each
   * other by chance.
   */
  public static final int FEWEST_WORDS = MinHashIndex.FEWEST_WORDS;

  /** Makes immutable copies of the lists. */
  public CorpusComparison {
    warnings = List.copyOf(warnings);
    domains = List.copyOf(domains);
    corpora = List.copyOf(corpora);
    texts = List.copyOf(texts);
    copies = List.copyOf(copies);
    overlaps = List.copyOf(overlaps);
  }

  /**
   * A training text and its fit to each domain.
   *
   * @param name name of the corpus, union or mixture
   * @param kind {@code corpus}, {@code union} or {@code mixture}
   * @param fits fit of the training text to each domain
   */
  public record Text(String name, String kind, List<WordComparison.Fit> fits) {
    /** Makes an immutable copy of the list. */
    public Text {
      fits = List.copyOf(fits);
    }
  }

  /**
   * The number of documents in a corpus that have near copies in another corpus or in the same
   * corpus.
   *
   * @param corpus name of the corpus
   * @param in name of the corpus that contains the copies
   * @param documents number of documents in {@code corpus} that were compared
   * @param copied number of these documents that have a near copy in {@code in}
   */
  public record Copies(String corpus, String in, long documents, long copied) {}

  /**
   * Measures corpora and compares training texts with domains.
   *
   * @param corpora corpora of training text, with unique names
   * @param domains corpora of held-out text
   * @param mixtures the mixtures to compare, by name; each maps corpora to shares of words, which
   *     sum to 1
   * @param language one of {@link #languages}; if empty, the most common language of the texts
   * @param threads number of texts to read concurrently, at least 1; has no effect on the results
   * @throws dev.mixlaw.api.MixlawException if a mixture names an unknown corpus or has the name of
   *     another text, or if a text cannot be read or has no words
   * @throws IllegalArgumentException if the language is unknown
   */
  public static CorpusComparison of(
      List<Corpus> corpora,
      List<Corpus> domains,
      Map<String, Map<String, Double>> mixtures,
      Optional<String> language,
      int threads) {
    return new CorpusComparer(corpora, domains).compare(mixtures, language, threads);
  }

  /**
   * Finds the documents of each domain that also occur in a corpus (contamination). Each text is
   * read once. About 20 bytes of memory are needed per word of the domains, and 5 kB per document.
   * The corpora are not kept in memory.
   *
   * <p>A document of a domain is contaminated if more than a quarter of its 13-word shingles occur
   * anywhere in the corpus. The length of 13 words is common (Brown et al. 2020), and {@link
   * dev.mixlaw.mix.corpus.HeldOut} uses the same length and limit. A document with fewer than 13
   * words is contaminated if all its sequences of {@value #FEWEST_WORDS} words occur. Documents of
   * fewer than {@value #FEWEST_WORDS} words are never considered contaminated.
   *
   * <p>A document is also contaminated if MinHash finds a near copy of it in the corpus. Shingles
   * find passages that are quoted in long texts, and MinHash finds texts with many small changes.
   */
  public static List<Overlap> overlaps(List<Corpus> corpora, List<Corpus> domains) {
    Contamination contamination = new Contamination();
    for (Corpus domain : domains) {
      contamination.addDomain(domain.name());
      Documents.each(Corpora.open(domain), d -> contamination.add(domain.name(), d));
    }
    List<Overlap> overlaps = new ArrayList<>();
    for (Corpus corpus : corpora) {
      Contamination.Matches matches = new Contamination.Matches();
      Documents.each(Corpora.open(corpus), document -> contamination.match(document, matches));
      overlaps.addAll(contamination.overlaps(corpus.name(), matches));
    }
    return overlaps;
  }

  /**
   * Returns the ISO 639-1 codes of the languages that have word rules, and {@code und} for the
   * Unicode rules.
   */
  public static List<String> languages() {
    return Arrays.stream(Language.values()).map(Language::code).toList();
  }
}
