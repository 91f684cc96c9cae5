package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A comparison of the words in each mixture of a study with the words in each domain.
 *
 * <p>Word statistics do not show which text results in better models: Kang et al. (2025) found that
 * word coverage does not explain the ranking of mixtures.
 *
 * @param language ISO 639-1 code of the language whose rules split texts into words; {@code und} if
 *     only the rules of Unicode are used
 * @param budget number of training tokens to which {@link Fit#seenTypes} and {@link Fit#seenTokens}
 *     refer
 * @param bytesPerText largest number of bytes of UTF-8 text to analyse per text; of longer texts, a
 *     sample of the documents is analysed
 * @param fits statistics of every mixture and domain, in the order of the study
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
   * The statistics of a mixture and a domain. A word has the relative frequency p in the domain and
   * q in the mixture, where each corpus is weighted with its share. The number of words in a run
   * with the budget is n.
   *
   * @param mixture name of the mixture
   * @param domain name of the domain
   * @param kl Kullback-Leibler divergence of the domain from the mixture, <i>sum p ln(p / q')</i>,
   *     in nats; q' is q smoothed with a small part of p, so that the divergence is finite, and 0
   *     for equal texts
   * @param js Jensen-Shannon divergence in nats, from 0 to ln 2
   * @param coverageTypes fraction of the distinct words of the domain that occur in the mixture
   * @param coverageTokens fraction of the running words of the domain that occur in the mixture
   * @param seenTypes expected fraction of the distinct words of the domain that occur in the
   *     training text of a run with the budget, <i>sum (1 - exp(-n q)) / types</i>
   * @param seenTokens expected fraction of the running words of the domain that occur in this
   *     training text, <i>sum p (1 - exp(-n q))</i>
   */
  public record Fit(
      String mixture,
      String domain,
      double kl,
      double js,
      double coverageTypes,
      double coverageTokens,
      double seenTypes,
      double seenTokens) {
    /**
     * Returns a map from the name of each statistic, such as {@code coverage_types}, to its value,
     * in the order of the components.
     */
    public Map<String, Double> statistics() {
      Map<String, Double> statistics = new LinkedHashMap<>();
      statistics.put("kl", kl);
      statistics.put("js", js);
      statistics.put("coverage_types", coverageTypes);
      statistics.put("coverage_tokens", coverageTokens);
      statistics.put("seen_types", seenTypes);
      statistics.put("seen_tokens", seenTokens);
      return statistics;
    }
  }
}
