package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;

/**
 * The rank correlation between a word statistic and the losses of the mixtures in a study.
 *
 * @param measure name of the statistic, as in {@link WordComparison.Fit#statistics}
 * @param domain name of the domain, or {@value FittedLaw#MACRO} for the means over domains
 * @param model name of the model whose losses are used
 * @param budget number of training tokens
 * @param mixtures number of mixtures that have both a statistic and a loss
 * @param rho Spearman's rank correlation across mixtures, from -1 to 1; positive if mixtures with a
 *     higher value have a higher loss. The confidence interval treats the mixtures as a random
 *     sample (Fisher's transformation with the variance of Bonett and Wright 2000). The correlation
 *     cannot be computed for fewer than 4 mixtures, or if all statistics or all losses are equal
 */
public record WordCorrelation(
    String measure,
    String domain,
    String model,
    Tokens budget,
    int mixtures,
    Answer<Estimate> rho) {}
