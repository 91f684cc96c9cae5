package dev.mixlaw.api.results;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;

/**
 * The diversity of a text compared with a reference, measured on the same number of words of both.
 *
 * @param documents number of documents in the sample
 * @param words number of words in the sample
 * @param figures every measure, with its confidence interval
 */
public record TextDiversity(long documents, long words, Map<Measure, Estimate> figures) {

  /** What is measured. The first two decide about collapse over rounds. */
  public enum Measure {
    /** Share of the reference's different words that occur in the text, from 0 to 1. */
    SUPPORT,
    /** Relative frequency of the reference's rare words in the text, from 0 to 1. */
    TAIL_MASS,
    /** Entropy of the distribution of words, nats. */
    ENTROPY,
    /** Number of different words. */
    TYPES,
    /** Different words over all words. */
    DISTINCT_1,
    /** Different pairs of words over all pairs. */
    DISTINCT_2,
    /** Different triples of words over all triples. */
    DISTINCT_3,
    /** Mean BLEU of documents against one another, without brevity penalty. */
    SELF_BLEU,
    /** Bytes before over bytes after DEFLATE: higher is more redundant. */
    COMPRESSION_RATIO;

    /** Returns the name in data files, such as {@code tail_mass}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks that no measure is missing.
   *
   * @throws IllegalArgumentException if one is missing
   */
  public TextDiversity {
    if (!figures.keySet().equals(EnumSet.allOf(Measure.class))) {
      throw new IllegalArgumentException(
          "figures: " + figures.keySet() + "; expected all measures");
    }
    figures = Collections.unmodifiableMap(new EnumMap<>(figures));
  }

  /** Returns the figure of a measure. */
  public Estimate of(Measure measure) {
    return figures.get(measure);
  }
}
