package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * How near the words of each mixture of a study are to those of each domain.
 *
 * <p>Facts to stand beside losses. They tell what text is like, not which text trains the better
 * model: only training does (Kang et al. 2025 found that the coverage of words does not explain the
 * ranking of mixtures).
 *
 * @param language ISO 639-1 code of the rules that all texts were cut into words by; {@code und}
 *     for those of Unicode alone
 * @param budget training tokens that {@link Fit#seenTypes} and {@link Fit#seenTokens} are of
 * @param bytesPerText a text of more bytes is represented by documents drawn from it, of about so
 *     many
 * @param fits of every mixture to every domain, in the study's order
 * @param warnings such as texts in different languages
 */
public record WordComparison(
    String language, Tokens budget, long bytesPerText, List<Fit> fits, List<String> warnings) {
  public WordComparison {
    Objects.requireNonNull(language, "language");
    Objects.requireNonNull(budget, "budget");
    fits = List.copyOf(fits);
    warnings = List.copyOf(warnings);
  }

  /**
   * A mixture's words and a domain's: p and q are their relative frequencies, q by the mixture's
   * shares.
   *
   * @param kl KL divergence of the domain from the mixture, <i>sum p ln(p / q')</i> in nats; q' is
   *     q with a little of p, so that it is finite and 0 for equal texts
   * @param js Jensen and Shannon's divergence, nats, from 0 to ln 2
   * @param coverageTypes part of the domain's different words that stand anywhere in the mixture's
   *     corpora
   * @param coverageTokens part of the domain's running words that stand anywhere in them
   * @param seenTypes part of the domain's different words that are expected among as many words
   *     drawn by q as a run of the budget reads: <i>sum (1 - exp(-n q)) / types</i>
   * @param seenTokens likewise of running words: <i>sum p (1 - exp(-n q))</i>
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
    public Fit {
      Objects.requireNonNull(mixture, "mixture");
      Objects.requireNonNull(domain, "domain");
    }
  }

  /** A figure of a {@link Fit}. */
  public enum Measure {
    KL(Fit::kl),
    JS(Fit::js),
    COVERAGE_TYPES(Fit::coverageTypes),
    COVERAGE_TOKENS(Fit::coverageTokens),
    SEEN_TYPES(Fit::seenTypes),
    SEEN_TOKENS(Fit::seenTokens);

    private final ToDoubleFunction<Fit> of;

    Measure(ToDoubleFunction<Fit> of) {
      this.of = of;
    }

    public double of(Fit fit) {
      return of.applyAsDouble(fit);
    }
  }
}
