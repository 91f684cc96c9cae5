package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The shares of a corpus at which no corpus exceeds the limit on repeats. */
final class AllowedShares {
  private final Map<String, Long> tokens = new LinkedHashMap<>();
  private final double maxRepeats;

  /**
   * Creates limits for corpora of known sizes.
   *
   * @param maxRepeats largest number of times that a token may be trained on, at least 1
   */
  AllowedShares(List<TextFacts> corpora, double maxRepeats) {
    require(maxRepeats);
    corpora.stream().filter(c -> c.tokens() > 0).forEach(c -> tokens.put(c.name(), c.tokens()));
    this.maxRepeats = maxRepeats;
  }

  static void require(double maxRepeats) {
    if (!(maxRepeats >= 1) || Double.isInfinite(maxRepeats)) {
      throw new IllegalArgumentException(
          "maxRepeats: " + maxRepeats + "; expected a finite number of at least 1");
    }
  }

  /**
   * Returns the shares of a corpus that satisfy the limits. A share s is allowed if s·D is at most
   * {@code maxRepeats} times the tokens of the corpus, and if all other corpora satisfy the same
   * condition.
   *
   * @param rest proportions of the other corpora, which sum to 1
   * @return empty if no share is allowed, or if the size of a corpus is unknown
   */
  Optional<Interval> allowed(String corpus, Map<String, Double> rest, Tokens budget) {
    if (!known(corpus, rest)) {
      return Optional.empty();
    }
    double high = Math.min(1, most(corpus, budget));
    double low = 0;
    for (Map.Entry<String, Double> other : rest.entrySet()) {
      low = Math.max(low, 1 - most(other.getKey(), budget) / other.getValue());
    }
    return low <= high ? Optional.of(new Interval(low, high)) : Optional.empty();
  }

  boolean known(String corpus, Map<String, Double> rest) {
    return tokens.containsKey(corpus) && tokens.keySet().containsAll(rest.keySet());
  }

  private double most(String corpus, Tokens budget) {
    return maxRepeats * tokens.get(corpus) / budget.count();
  }
}
