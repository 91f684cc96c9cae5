package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.results.Answer;
import java.util.Objects;

/**
 * What a corpus is, in figures.
 *
 * @param name of the corpus
 * @param documents that were read
 * @param bytes of UTF-8 text
 * @param words running words
 * @param types different words
 * @param distinct1 different words over all words, of the whole corpus: falls with its size
 * @param distinct2 different pairs of words over all pairs, of the whole corpus
 * @param distinct3 different triples of words over all triples, of the whole corpus
 * @param entropy of a word drawn at random, nats
 * @param repetition part of the runs of four words that stand earlier in the same document
 * @param sample figures at a size that is the same for every corpus
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
  public CorpusStatistics {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sample, "sample");
  }

  /** Different words among {@value CorpusMeter#SAMPLE_WORDS} of documents drawn at random. */
  public Answer<Long> typesPer120kWords() {
    return sample.words() == CorpusMeter.SAMPLE_WORDS
        ? Answer.known(sample.types())
        : Answer.refused(
            "types per 120k words of " + name,
            "it has " + sample.words() + " words",
            "give it more text");
  }
}
