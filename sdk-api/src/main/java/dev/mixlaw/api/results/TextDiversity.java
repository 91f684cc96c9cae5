package dev.mixlaw.api.results;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;

/**
 * The diversity of a text compared with a reference. The samples from both have the same number of
 * words.
 *
 * @param documents number of documents in the sample
 * @param words number of words in the sample
 * @param figures map from every measure to its value with a confidence interval
 */
public record TextDiversity(long documents, long words, Map<Measure, Estimate> figures) {

  /**
   * A measure of diversity. {@link #SUPPORT} and {@link #TAIL_MASS} determine the verdict on
   * collapse.
   */
  public enum Measure {
    /** Fraction of the distinct words of the reference that occur in the text, from 0 to 1. */
    SUPPORT,
    /** Relative frequency in the text of the words that are rare in the reference, from 0 to 1. */
    TAIL_MASS,
    /** Entropy of the word distribution, in nats. */
    ENTROPY,
    /** Number of distinct words. */
    TYPES,
    /** Number of distinct words divided by the number of words. */
    DISTINCT_1,
    /** Number of distinct word pairs divided by the number of word pairs. */
    DISTINCT_2,
    /** Number of distinct word triples divided by the number of word triples. */
    DISTINCT_3,
    /** Mean BLEU of each document with other documents as references, without brevity penalty. */
    SELF_BLEU,
    /**
     * Size before DEFLATE compression divided by the size after it. A higher ratio means more
     * redundancy.
     */
    COMPRESSION_RATIO;

    /** Returns the name of this measure in data files, such as {@code tail_mass}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks that every measure has a value.
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

  /** Returns the value of a measure with its confidence interval. */
  public Estimate of(Measure measure) {
    return figures.get(measure);
  }
}
