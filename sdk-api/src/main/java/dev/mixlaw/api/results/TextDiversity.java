package dev.mixlaw.api.results;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;

/**
 * The diversity of a text compared with a reference, measured on the same number of words from
 * each.
 *
 * @param documents number of documents in the sample
 * @param words number of words in the sample
 * @param figures value of every measure, with its confidence interval
 */
public record TextDiversity(long documents, long words, Map<Measure, Estimate> figures) {

  /** A measure of diversity. The first two determine the verdict on collapse over rounds. */
  public enum Measure {
    /** Share of the reference's distinct words that occur in the text, from 0 to 1. */
    SUPPORT,
    /** Relative frequency of the reference's rare words in the text, from 0 to 1. */
    TAIL_MASS,
    /** Entropy of the word distribution in nats. */
    ENTROPY,
    /** Number of distinct words. */
    TYPES,
    /** Number of distinct words divided by the number of words. */
    DISTINCT_1,
    /** Number of distinct word pairs divided by the number of word pairs. */
    DISTINCT_2,
    /** Number of distinct word triples divided by the number of word triples. */
    DISTINCT_3,
    /** Mean BLEU of documents against one another, without brevity penalty. */
    SELF_BLEU,
    /**
     * Number of bytes before DEFLATE compression divided by the number after it; higher values mean
     * more redundancy.
     */
    COMPRESSION_RATIO;

    /** Returns the name in data files, such as {@code tail_mass}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks that no measure is missing.
   *
   * @throws IllegalArgumentException if a measure is missing
   */
  public TextDiversity {
    if (!figures.keySet().equals(EnumSet.allOf(Measure.class))) {
      throw new IllegalArgumentException(
          "figures: " + figures.keySet() + "; expected a value for every measure");
    }
    figures = Collections.unmodifiableMap(new EnumMap<>(figures));
  }

  /** Returns the value of a measure, with its confidence interval. */
  public Estimate of(Measure measure) {
    return figures.get(measure);
  }
}
