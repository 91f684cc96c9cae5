package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.results.Answer;
import java.util.Objects;

/**
 * Statistics of a corpus.
 *
 * @param name name of the corpus
 * @param documents number of documents
 * @param bytes number of bytes of UTF-8 text
 * @param words number of words
 * @param types number of different words
 * @param distinct1 different words divided by all words, over the whole corpus; falls with its size
 * @param distinct2 different pairs of words divided by all pairs, over the whole corpus
 * @param distinct3 different triples of words divided by all triples, over the whole corpus
 * @param entropy entropy of a random word, in nats
 * @param repetition part of the runs of four words that occur earlier in the same document, 0 to 1
 * @param sample statistics at a size that is the same for every corpus
 */
public record CorpusStatistics(
    String name,
    long documents,
    long bytes,
    long words,
    long types,
    double distinct1,
    double distinct2,
    double distinct3,
    double entropy,
    double repetition,
    SampleStatistics sample) {
  /** Checks that nothing is null. */
  public CorpusStatistics {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sample, "sample");
  }

  /**
   * Returns the number of different words among {@value CorpusMeter#SAMPLE_WORDS} words of random
   * documents; refused if the corpus has fewer words.
   */
  public Answer<Long> typesPer120kWords() {
    return sample.words() == CorpusMeter.SAMPLE_WORDS
        ? Answer.known(sample.types())
        : Answer.refused(
            "types per 120k words of " + name,
            "it has " + sample.words() + " words",
            "give it more text");
  }
}
