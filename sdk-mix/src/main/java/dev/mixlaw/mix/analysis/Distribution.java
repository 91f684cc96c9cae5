package dev.mixlaw.mix.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The probabilities of words in training text: one corpus, a union of corpora, or a mixture by
 * shares of words. The counts must stay open while the distribution is used.
 */
public final class Distribution {
  private final List<TermCounts> parts;

  /** For each text, the weight of one occurrence of a word. */
  private final double[] weights;

  private Distribution(List<TermCounts> parts, double[] weights) {
    this.parts = parts;
    this.weights = weights;
    for (TermCounts part : parts) {
      if (part.total() == 0) {
        throw new IllegalArgumentException("word counts: none; expected text with words");
      }
    }
  }

  public static Distribution of(TermCounts text) {
    return union(List.of(text));
  }

  /** Returns the word frequencies of several texts, each weighted by its number of words. */
  public static Distribution union(List<TermCounts> texts) {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("texts of the union: none; expected at least one");
    }
    long total = texts.stream().mapToLong(TermCounts::total).sum();
    double[] weights = new double[texts.size()];
    Arrays.fill(weights, 1.0 / total);
    return new Distribution(List.copyOf(texts), weights);
  }

  /** Returns the distribution of a mixture, given the share of words of each text. */
  public static Distribution mixture(Map<TermCounts, Double> shares) {
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    if (!(Math.abs(sum - 1) <= 1e-6) || shares.values().stream().anyMatch(s -> !(s > 0))) {
      throw new IllegalArgumentException(
          "shares " + shares.values() + "; expected shares above 0 that sum to 1");
    }
    double[] weights =
        shares.entrySet().stream()
            .mapToDouble(part -> part.getValue() / sum / part.getKey().total())
            .toArray();
    return new Distribution(List.copyOf(shares.keySet()), weights);
  }

  /** Returns a cursor over the words, whose weighted counts are the probabilities of the words. */
  MergingCursor cursor() {
    return new MergingCursor(parts.stream().map(TermCounts::cursor).toList(), weights);
  }
}
