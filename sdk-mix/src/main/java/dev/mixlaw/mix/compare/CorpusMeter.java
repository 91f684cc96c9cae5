package dev.mixlaw.mix.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.mix.analysis.DocumentSample;
import dev.mixlaw.mix.analysis.SelfBleu;
import dev.mixlaw.mix.analysis.TermCounter;
import dev.mixlaw.mix.analysis.TermCounts;
import dev.mixlaw.mix.analysis.Words;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.Utf8;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Computes statistics of corpora and counts their words, reading each corpus once. Closing the
 * meter closes all counts that it returned. This class is thread-safe.
 *
 * <p>While a corpus is read, memory is needed for three {@link TermCounter}s, for words, pairs of
 * words and triples of words, and for a sample of documents.
 */
final class CorpusMeter implements AutoCloseable {
  private static final long SEED = 0x6d69786c6177L;
  private static final int REPEATED_WORDS = 4;
  private static final List<Long> GROWTH_STEPS =
      List.of(1_000L, 2_000L, 5_000L, 10_000L, 20_000L, 50_000L, 100_000L, 120_000L);

  private final Words words;
  private final Queue<TermCounts> open = new ConcurrentLinkedQueue<>();

  record Measured(CorpusStatistics statistics, TermCounts counts) {}

  /** Creates a meter. The caller closes {@code words}. */
  CorpusMeter(Words words) {
    this.words = words;
  }

  /** Reads a corpus and computes its statistics. */
  Measured measure(Corpus corpus) {
    try (TermCounter unigrams = new TermCounter();
        TermCounter bigrams = new TermCounter();
        TermCounter trigrams = new TermCounter()) {
      DocumentSample sample = new DocumentSample(CorpusComparison.SAMPLE_WORDS, SEED);
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
      TermCounts counts = finish(unigrams, corpus, documents);
      List<DocumentSample.Drawn> drawn = sample.documents();
      Map<Long, Long> growth = new TreeMap<>();
      long sampleTypes = types(drawn, growth);
      return new Measured(
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
              sample.words(),
              sampleTypes,
              DocumentSample.distinct(drawn, 2),
              DocumentSample.distinct(drawn, 3),
              selfBleu(drawn),
              DocumentSample.compressionRatio(drawn),
              growth),
          counts);
    }
  }

  TermCounts count(Corpus corpus) {
    try (TermCounter counter = new TermCounter()) {
      long[] documents = new long[1];
      Documents.each(
          Corpora.open(corpus),
          document -> {
            counter.addAll(words.hashes(document.text()));
            documents[0]++;
          });
      return finish(counter, corpus, documents[0]);
    }
  }

  private TermCounts finish(TermCounter counter, Corpus corpus, long documents) {
    TermCounts counts = counter.finish();
    open.add(counts);
    if (counts.total() == 0) {
      throw MixlawException.data(
          "corpus " + corpus.name(),
          "no words in " + documents + " documents",
          "text with words in language " + words.language().code(),
          "change the corpus or the language");
    }
    return counts;
  }

  @Override
  public void close() {
    open.forEach(TermCounts::close);
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

  /** Returns the fraction of n-grams that are distinct, or 1 for a text without n-grams. */
  private static double distinct(TermCounter ngrams) {
    try (TermCounts counts = ngrams.finish()) {
      return counts.total() == 0 ? 1 : (double) counts.types() / counts.total();
    }
  }

  /**
   * Returns the number of different words, and adds to a map the number after each of {@link
   * #GROWTH_STEPS} words.
   */
  private static long types(List<DocumentSample.Drawn> documents, Map<Long, Long> growth) {
    LongHashSet types = new LongHashSet();
    long words = 0;
    for (DocumentSample.Drawn document : documents) {
      for (long word : document.words()) {
        types.add(word);
        words++;
        if (words % 1_000 == 0 && GROWTH_STEPS.contains(words)) {
          growth.put(words, (long) types.size());
        }
      }
    }
    return types.size();
  }

  private static OptionalDouble selfBleu(List<DocumentSample.Drawn> documents) {
    List<long[]> compared = SelfBleu.excerpts(documents);
    return compared.size() < 2
        ? OptionalDouble.empty()
        : Arrays.stream(SelfBleu.of(compared)).average();
  }
}
