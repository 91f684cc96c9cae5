package dev.mixlaw.mix.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.WordDistance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Word statistics of every corpus, and the fit of every corpus, union of corpora and mixture to
 * every domain. Nothing is trained. Word statistics do not show which text trains the better model;
 * only training does.
 *
 * <p>The training texts are every corpus, the unions of natural, synthetic and all text, natural
 * text mixed with one synthetic corpus at a share of one third, and the caller's mixtures.
 *
 * @param language ISO 639-1 code of the language whose word rules were used; {@code und} for the
 *     Unicode rules
 * @param warnings warnings about texts in another or an unknown language
 * @param domains names of the domains
 * @param corpora statistics of each corpus
 * @param texts training texts: corpora, then unions, then mixtures
 * @param copies number of near copies for each pair of corpora
 * @param overlaps documents of each domain that each corpus contains
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
   * Number of words of a sample, and of training text for {@link WordComparison.Fit#seenTypes} and
   * {@link WordComparison.Fit#seenTokens}, so that texts of different sizes can be compared.
   */
  public static final long SAMPLE_WORDS = 120_000;

  /**
   * Weight of the domain in the smoothed training distribution of {@link WordComparison.Fit#kl}.
   */
  public static final double SKEW = WordDistance.SKEW;

  /** Documents with at least this Jaccard index of their 3-word shingles are near copies. */
  public static final double COPY_THRESHOLD = 0.4;

  /** Documents with fewer words are not compared, because they resemble each other by chance. */
  public static final int FEWEST_WORDS = 8;

  /** Copies the lists. */
  public CorpusComparison {
    Objects.requireNonNull(language, "language");
    warnings = List.copyOf(warnings);
    domains = List.copyOf(domains);
    corpora = List.copyOf(corpora);
    texts = List.copyOf(texts);
    copies = List.copyOf(copies);
    overlaps = List.copyOf(overlaps);
  }

  /**
   * A training text, with its fit to each domain.
   *
   * @param name name of the corpus, union or mixture
   * @param kind {@code corpus}, {@code union} or {@code mixture}
   * @param fits fits of the training text to the domains, one per domain
   */
  public record Text(String name, String kind, List<WordComparison.Fit> fits) {
    /** Copies the fits. */
    public Text {
      fits = List.copyOf(fits);
    }
  }

  /**
   * The number of documents in a corpus that have a near copy in another corpus or in the same
   * corpus.
   *
   * @param corpus name of the corpus
   * @param in name of the corpus that contains the copies
   * @param documents number of documents in the corpus that were compared
   * @param copied number of those with a near copy
   */
  public record Copies(String corpus, String in, long documents, long copied) {}

  /**
   * The overlap of a domain with a corpus.
   *
   * @param corpus name of the corpus
   * @param domain name of the domain
   * @param documents number of documents in the domain
   * @param contaminated number of those documents that the corpus contaminates
   * @param nearCopies number of those documents with a near copy in the corpus
   * @param sharedShingles fraction of the domain's 13-word shingles that occur in the corpus, from
   *     0 to 1
   * @param examples ids of the first few contaminated documents
   */
  public record Overlap(
      String corpus,
      String domain,
      long documents,
      long contaminated,
      long nearCopies,
      double sharedShingles,
      List<String> examples) {
    /** Copies the examples. */
    public Overlap {
      examples = List.copyOf(examples);
    }
  }

  /**
   * Measures all texts and compares them.
   *
   * @param corpora corpora of training text, with unique names
   * @param domains corpora of held-out text
   * @param mixtures the mixtures to compare: for each mixture name, the share of words by corpus;
   *     shares sum to 1
   * @param language one of {@link #languages}; empty for the most common language of the texts
   * @param threads number of texts that are read concurrently, at least 1; results do not depend on
   *     it
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
   * read once. Memory holds about 20 bytes per word and 5 kB per document of the domains, and
   * nothing of the corpora.
   *
   * <p>A corpus contaminates a document of a domain if more than a quarter of the document's
   * 13-word shingles occur anywhere in the corpus, or if MinHash finds a near copy of the document
   * in the corpus. If a document has fewer than 13 words, all its sequences of {@value
   * #FEWEST_WORDS} words must occur. 13 words are the usual length (Brown et al. 2020); {@link
   * dev.mixlaw.mix.corpus.HeldOut} applies the same length and limit. Shingles find passages that
   * long texts quote; MinHash finds texts with many small changes. Documents of fewer than {@value
   * #FEWEST_WORDS} words are never contaminated.
   */
  public static List<Overlap> overlaps(List<Corpus> corpora, List<Corpus> domains) {
    Contamination contamination = new Contamination(domains);
    List<Overlap> overlaps = new ArrayList<>();
    corpora.forEach(corpus -> overlaps.addAll(contamination.check(corpus)));
    return overlaps;
  }

  /** Returns the ISO 639-1 codes of languages with word rules, and {@code und} for all others. */
  public static List<String> languages() {
    return Arrays.stream(Language.values()).map(Language::code).toList();
  }
}
