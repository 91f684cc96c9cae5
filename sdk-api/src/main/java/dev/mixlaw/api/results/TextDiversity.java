package dev.mixlaw.api.results;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;

/**
 * How diverse a text is, beside a reference, on as many words of each.
 *
 * @param documents that were looked at
 * @param words that were looked at
 * @param figures all of them
 */
public record TextDiversity(long documents, long words, Map<Measure, Estimate> figures) {

  /** What is measured. The first two are what collapse over rounds is judged by. */
  public enum Measure {
    /** Part of the reference's different words that the text has, from 0 to 1. */
    SUPPORT,
    /** Probability that the text gives to the reference's rare words. */
    TAIL_MASS,
    /** Entropy of a word drawn at random, nats. */
    ENTROPY,
    /** Different words. */
    TYPES,
    /** Different words over all words. */
    DISTINCT_1,
    /** Different pairs of words over all pairs. */
    DISTINCT_2,
    /** Different triples of words over all triples. */
    DISTINCT_3,
    /** Mean BLEU of documents against one another, without brevity penalty. */
    SELF_BLEU,
    /** Bytes over bytes after DEFLATE: higher is more redundant. */
    COMPRESSION_RATIO;

    /** As data files name it, such as {@code tail_mass}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks that no figure is missing.
   *
   * @throws IllegalArgumentException if one is
   */
  public TextDiversity {
    if (!figures.keySet().equals(EnumSet.allOf(Measure.class))) {
      throw new IllegalArgumentException("figures " + figures.keySet() + "; expected all measures");
    }
    figures = Collections.unmodifiableMap(new EnumMap<>(figures));
  }

  public Estimate of(Measure measure) {
    return figures.get(measure);
  }
}
