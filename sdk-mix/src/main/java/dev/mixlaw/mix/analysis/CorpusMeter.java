package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.internal.Utf8;
import java.util.Arrays;
import java.util.Objects;

/**
 * Computes statistics of corpora, each in one reading. Several threads may use it at the same time.
 *
 * <p>Memory: three times what {@link CountSettings} allow (words, pairs, triples), a sample of
 * documents, and the longest document.
 */
public final class CorpusMeter {
  /** Number of words at which corpora are compared. */
  public static final long SAMPLE_WORDS = 120_000;

  private static final long SEED = 0x6d69786c6177L;
  private static final int REPEATED_WORDS = 4;

  private final Words words;
  private final CountSettings settings;

  /**
   * Creates a meter.
   *
   * @param words splits texts into words; the caller closes it
   * @param settings memory limits
   */
  public CorpusMeter(Words words, CountSettings settings) {
    this.words = Objects.requireNonNull(words, "words");
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  /**
   * Reads a corpus and computes its statistics.
   *
   * @throws MixlawException (data) if the corpus cannot be read or has no words
   */
  public MeasuredCorpus measure(Corpus corpus) {
    try (TermCounter unigrams = new TermCounter(settings);
        TermCounter bigrams = new TermCounter(settings);
        TermCounter trigrams = new TermCounter(settings)) {
      DocumentSample sample = new DocumentSample(SAMPLE_WORDS, SEED);
      long documents = 0;
      long bytes = 0;
      long runs = 0;
      long repeated = 0;
      try (DocumentStream stream = Corpora.open(corpus)) {
        while (stream.hasNext()) {
          Document document = stream.next();
          long[] hashes = words.hashes(document.text());
          unigrams.addAll(hashes);
          bigrams.addAll(TermCounter.ngrams(hashes, 2));
          trigrams.addAll(TermCounter.ngrams(hashes, 3));
          long[] quads = TermCounter.ngrams(hashes, REPEATED_WORDS);
          runs += quads.length;
          repeated += repeated(quads);
          sample.offer(document.text(), hashes);
          documents++;
          bytes += Utf8.length(document.text());
        }
      }
      TermCounts counts = unigrams.finish();
      if (counts.total() == 0) {
        throw wordless(corpus, documents);
      }
      return new MeasuredCorpus(
          new CorpusStatistics(
              corpus.name(),
              documents,
              bytes,
              counts.total(),
              counts.types(),
              (double) counts.types() / counts.total(),
              distinct(bigrams),
              distinct(trigrams),
              counts.entropy(),
              runs == 0 ? 0 : (double) repeated / runs,
              SampleStatistics.of(sample)),
          counts);
    }
  }

  /**
   * Counts the words of a corpus, and nothing else.
   *
   * @throws MixlawException (data) if the corpus cannot be read or has no words
   */
  public TermCounts count(Corpus corpus) {
    try (TermCounter counter = new TermCounter(settings);
        DocumentStream stream = Corpora.open(corpus)) {
      long documents = 0;
      while (stream.hasNext()) {
        counter.addAll(words.hashes(stream.next().text()));
        documents++;
      }
      TermCounts counts = counter.finish();
      if (counts.total() == 0) {
        throw wordless(corpus, documents);
      }
      return counts;
    }
  }

  private MixlawException wordless(Corpus corpus, long documents) {
    return new MixlawException(
        MixlawException.Kind.DATA,
        new Problem(
            "corpus " + corpus.name(),
            "no words in " + documents + " documents",
            "text with words in language " + words.language().code(),
            "the corpus, or the language of Words"));
  }

  private static long repeated(long[] grams) {
    long[] sorted = grams.clone();
    Arrays.sort(sorted);
    long repeated = 0;
    for (int i = 1; i < sorted.length; i++) {
      repeated += sorted[i] == sorted[i - 1] ? 1 : 0;
    }
    return repeated;
  }

  /** Returns the part of different n-grams; 1 for a text without n-grams. */
  private static double distinct(TermCounter ngrams) {
    try (TermCounts counts = ngrams.finish()) {
      return counts.total() == 0 ? 1 : (double) counts.types() / counts.total();
    }
  }
}
