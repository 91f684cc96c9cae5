package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;

/**
 * Whether a figure of words orders the mixtures of a study as their losses do.
 *
 * @param domain name, or {@value FittedLaw#MACRO}: mean of the figure over domains against mean
 *     loss
 * @param model whose losses
 * @param budget of those losses
 * @param mixtures that have both
 * @param rho Spearman's rank correlation of figure and loss over mixtures, from -1 to 1; 1 where a
 *     higher figure always goes with a higher loss. Its interval treats the mixtures as drawn from
 *     many (Fisher's transformation with the variance of Bonett and Wright 2000), so that few of
 *     them say little. Refused for fewer than 4 mixtures, or if all are alike
 */
public record WordCorrelation(
    WordComparison.Measure measure,
    String domain,
    String model,
    Tokens budget,
    int mixtures,
    Answer<Estimate> rho) {
  public WordCorrelation {
    Objects.requireNonNull(measure, "measure");
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(rho, "rho");
  }
}
