package dev.mixlaw.mix.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Probabilities of terms in training text: of one corpus, of several read as one, or of a mixture
 * by shares of words. The counts must stay open while it is used.
 */
public final class Distribution {
  private final List<TermCounts> parts;
  private final double[] weights; // of one occurrence in each part

  private Distribution(List<TermCounts> parts, double[] weights) {
    this.parts = parts;
    this.weights = weights;
    for (TermCounts part : parts) {
      if (part.total() == 0) {
        throw new IllegalArgumentException("a text without a word has no distribution of words");
      }
    }
  }

  /** Of one text: relative frequencies. */
  public static Distribution of(TermCounts text) {
    return union(List.of(text));
  }

  /** Of texts read one after another: each weighs as many words as it has. */
  public static Distribution union(List<TermCounts> texts) {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("a union of no texts");
    }
    long total = texts.stream().mapToLong(TermCounts::total).sum();
    double[] weights = new double[texts.size()];
    java.util.Arrays.fill(weights, 1.0 / total);
    return new Distribution(List.copyOf(texts), weights);
  }

  /**
   * Of a mixture.
   *
   * @param shares of words, each above 0, of a sum of 1 within 1e-6
   */
  public static Distribution mixture(Map<TermCounts, Double> shares) {
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    if (!(Math.abs(sum - 1) <= 1e-6) || shares.values().stream().anyMatch(s -> !(s > 0))) {
      throw new IllegalArgumentException(
          "shares " + shares.values() + "; expected above 0, sum of 1");
    }
    Map<TermCounts, Double> ordered = new LinkedHashMap<>(shares);
    List<TermCounts> parts = new ArrayList<>(ordered.keySet());
    double[] weights = new double[parts.size()];
    for (int i = 0; i < weights.length; i++) {
      TermCounts part = parts.get(i);
      weights[i] = ordered.get(part) / sum / part.total();
    }
    return new Distribution(parts, weights);
  }

  /** Terms in ascending order with their probabilities. */
  Reading read() {
    return new Reading();
  }

  final class Reading implements AutoCloseable {
    private final List<CountCursor> cursors = parts.stream().map(TermCounts::cursor).toList();
    private final boolean[] more = new boolean[cursors.size()];
    private long term;
    private double probability;

    private Reading() {
      for (int i = 0; i < more.length; i++) {
        more[i] = cursors.get(i).next();
      }
    }

    boolean next() {
      boolean found = false;
      for (int i = 0; i < more.length; i++) {
        if (more[i] && (!found || cursors.get(i).term() < term)) {
          term = cursors.get(i).term();
          found = true;
        }
      }
      if (!found) {
        return false;
      }
      probability = 0;
      for (int i = 0; i < more.length; i++) {
        if (more[i] && cursors.get(i).term() == term) {
          probability += weights[i] * cursors.get(i).count();
          more[i] = cursors.get(i).next();
        }
      }
      return true;
    }

    long term() {
      return term;
    }

    double probability() {
      return probability;
    }

    @Override
    public void close() {
      cursors.forEach(CountCursor::close);
    }
  }
}
