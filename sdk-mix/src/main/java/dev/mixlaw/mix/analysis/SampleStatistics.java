package dev.mixlaw.mix.analysis;

import dev.mixlaw.mix.internal.LongHashSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.zip.Deflater;

/**
 * Diversity of a corpus at a size that is the same for every corpus: random documents with {@value
 * CorpusMeter#SAMPLE_WORDS} words. These values do not depend on the size of the corpus.
 *
 * @param documents number of documents in the sample
 * @param words number of their words; less than requested if the corpus has no more
 * @param types number of different words
 * @param distinct2 different pairs of words divided by all pairs
 * @param distinct3 different triples of words divided by all triples
 * @param selfBleu mean self-BLEU of the first {@value #BLEU_DOCUMENTS} documents of four words or
 *     more, each cut to {@value #BLEU_WORDS} words; empty if there are fewer than two
 * @param compressionRatio bytes divided by bytes after DEFLATE (level 6); a higher ratio means more
 *     redundancy
 * @param growth number of types by number of words, from 1000 words on
 */
public record SampleStatistics(
    long documents,
    long words,
    long types,
    double distinct2,
    double distinct3,
    OptionalDouble selfBleu,
    double compressionRatio,
    List<Growth> growth) {
  /** Number of documents that self-BLEU compares. */
  public static final int BLEU_DOCUMENTS = 100;

  /** Number of words of each of these documents. */
  public static final int BLEU_WORDS = 200;

  private static final long[] STEPS = {
    1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 120_000
  };

  /** Copies the growth. */
  public SampleStatistics {
    growth = List.copyOf(growth);
  }

  /**
   * The number of different words among the first words of the sample.
   *
   * @param words number of words
   * @param types number of different words among them
   */
  public record Growth(long words, long types) {}

  static SampleStatistics of(DocumentSample sample) {
    List<DocumentSample.Drawn> documents = sample.documents();
    LongHashSet types = new LongHashSet();
    List<Growth> growth = new ArrayList<>();
    long words = 0;
    int step = 0;
    for (DocumentSample.Drawn document : documents) {
      for (long word : document.words()) {
        types.add(word);
        if (++words == STEPS[Math.min(step, STEPS.length - 1)]) {
          growth.add(new Growth(words, types.size()));
          step++;
        }
      }
    }
    return new SampleStatistics(
        documents.size(),
        words,
        types.size(),
        distinct(documents, 2),
        distinct(documents, 3),
        selfBleu(documents),
        compressionRatio(documents),
        growth);
  }

  static double distinct(List<DocumentSample.Drawn> documents, int n) {
    LongHashSet different = new LongHashSet();
    long all = 0;
    for (DocumentSample.Drawn document : documents) {
      for (long gram : TermCounter.ngrams(document.words(), n)) {
        different.add(gram);
        all++;
      }
    }
    return all == 0 ? 1 : (double) different.size() / all;
  }

  private static OptionalDouble selfBleu(List<DocumentSample.Drawn> documents) {
    List<long[]> compared = bleuDocuments(documents);
    return compared.size() < 2
        ? OptionalDouble.empty()
        : Arrays.stream(SelfBleu.of(compared)).average();
  }

  static List<long[]> bleuDocuments(List<DocumentSample.Drawn> documents) {
    return documents.stream()
        .map(DocumentSample.Drawn::words)
        .filter(w -> w.length >= 4)
        .limit(BLEU_DOCUMENTS)
        .map(w -> Arrays.copyOf(w, Math.min(w.length, BLEU_WORDS)))
        .toList();
  }

  static double compressionRatio(List<DocumentSample.Drawn> documents) {
    Deflater deflater = new Deflater(6);
    try {
      byte[] out = new byte[1 << 16];
      for (DocumentSample.Drawn document : documents) {
        deflater.setInput((document.text() + "\n").getBytes(StandardCharsets.UTF_8));
        while (!deflater.needsInput()) {
          deflater.deflate(out);
        }
      }
      deflater.finish();
      while (!deflater.finished()) {
        deflater.deflate(out);
      }
      return (double) deflater.getBytesRead() / deflater.getBytesWritten();
    } finally {
      deflater.end();
    }
  }
}
