package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The similarity between the words in each mixture of a study and the words in each domain.
 *
 * <p>These statistics describe text. They do not show which text trains the better model; Kang et
 * al. (2025) found that word coverage does not explain the ranking of mixtures.
 *
 * @param language ISO 639-1 code of the rules by which texts are split into words; {@code und} if
 *     only the rules of Unicode are used
 * @param budget training tokens for which {@link Fit#seenTypes} and {@link Fit#seenTokens} hold
 * @param bytesPerText largest number of UTF-8 bytes analysed per text; for longer texts, a sample
 *     of the documents is analysed
 * @param fits fit of every mixture to every domain, in the study's order
 * @param warnings warnings, for example about texts in different languages
 */
public record WordComparison(
    String language, Tokens budget, long bytesPerText, List<Fit> fits, List<String> warnings) {
  /** Copies the lists. */
  public WordComparison {
    fits = List.copyOf(fits);
    warnings = List.copyOf(warnings);
  }

  /**
   * A comparison of the words in a domain and a mixture. Their relative frequencies are p (domain)
   * and q (mixture); q weights corpora by the mixture's shares. A run with the budget reads n
   * words.
   *
   * @param mixture name of the mixture
   * @param domain name of the domain
   * @param kl Kullback-Leibler divergence of the domain from the mixture, <i>sum p ln(p / q')</i>,
   *     in nats; q' is q smoothed with a little of p, so that it is finite, and 0 for equal texts
   * @param js Jensen-Shannon divergence in nats, from 0 to ln 2
   * @param coverageTypes share of the domain's distinct words that occur in the mixture's corpora
   * @param coverageTokens share of the domain's running words that occur in the mixture's corpora
   * @param seenTypes expected share of the domain's distinct words that a run with the budget
   *     reads: <i>sum (1 - exp(-n q)) / types</i>
   * @param seenTokens expected share of the domain's running words that such a run reads: <i>sum p
   *     (1 - exp(-n q))</i>
   */
  public record Fit(
      String mixture,
      String domain,
      double kl,
      double js,
      double coverageTypes,
      double coverageTokens,
      double seenTypes,
      double seenTokens) {}

  /** A statistic in a {@link Fit}; each constant denotes the record component of the same name. */
  public enum Measure {
    /** See {@link Fit#kl}. */
    KL(Fit::kl),
    /** See {@link Fit#js}. */
    JS(Fit::js),
    /** See {@link Fit#coverageTypes}. */
    COVERAGE_TYPES(Fit::coverageTypes),
    /** See {@link Fit#coverageTokens}. */
    COVERAGE_TOKENS(Fit::coverageTokens),
    /** See {@link Fit#seenTypes}. */
    SEEN_TYPES(Fit::seenTypes),
    /** See {@link Fit#seenTokens}. */
    SEEN_TOKENS(Fit::seenTokens);

    private final ToDoubleFunction<Fit> of;

    Measure(ToDoubleFunction<Fit> of) {
      this.of = of;
    }

    /** Returns the value of this statistic for a mixture and domain. */
    public double of(Fit fit) {
      return of.applyAsDouble(fit);
    }
  }
}
