package dev.mixlaw.mix.compare;

import dev.mixlaw.api.results.Answer;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Statistics of a corpus.
 *
 * <p>The sample consists of {@value CorpusComparison#SAMPLE_WORDS} words from random documents, or
 * of all words if the corpus is smaller. The statistics of the sample do not depend on the size of
 * the corpus.
 *
 * @param name name of the corpus
 * @param documents number of documents
 * @param bytes size of the text in UTF-8 bytes
 * @param words number of words
 * @param types number of different words
 * @param distinct1 number of different words divided by the number of all words in the corpus;
 *     decreases as the corpus grows
 * @param distinct2 number of different word pairs divided by the number of all pairs in the corpus
 * @param distinct3 number of different word triples divided by the number of all triples in the
 *     corpus
 * @param entropy entropy of the word distribution, in nats
 * @param repetition fraction of 4-word sequences that occur earlier in the same document, from 0 to
 *     1
 * @param sampleWords number of words in the sample
 * @param sampleTypes number of different words in the sample
 * @param sampleDistinct2 number of different word pairs divided by the number of all pairs in the
 *     sample
 * @param sampleDistinct3 number of different word triples divided by the number of all triples in
 *     the sample
 * @param selfBleu mean self-BLEU of the first 100 sample documents that have four words or more,
 *     each truncated to 200 words; empty if there are fewer than two such documents
 * @param compressionRatio size of the sample divided by its size after DEFLATE (level 6); a higher
 *     ratio means more redundancy
 * @param vocabularyGrowth map from several numbers n to the number of different words among the
 *     first n words of the sample
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
    long sampleWords,
    long sampleTypes,
    double sampleDistinct2,
    double sampleDistinct3,
    OptionalDouble selfBleu,
    double compressionRatio,
    Map<Long, Long> vocabularyGrowth) {
  /** Makes an immutable copy of the map. */
  public CorpusStatistics {
    vocabularyGrowth = Collections.unmodifiableMap(new TreeMap<>(vocabularyGrowth));
  }

  /**
   * Returns the number of different words among {@value CorpusComparison#SAMPLE_WORDS} words of
   * random documents. If the corpus has fewer words, returns the reason why the number cannot be
   * computed.
   */
  public Answer<Long> typesPer120kWords() {
    return sampleWords == CorpusComparison.SAMPLE_WORDS
        ? Answer.known(sampleTypes)
        : Answer.refused(
            "types per 120k words of " + name,
            "the corpus has only " + sampleWords + " words",
            "add text to the corpus");
  }
}
