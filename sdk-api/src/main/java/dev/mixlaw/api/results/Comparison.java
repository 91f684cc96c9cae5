package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;

/**
 * A mixture compared with a baseline on the same documents.
 *
 * @param mixture name
 * @param baseline name
 * @param model name
 * @param budget training tokens
 * @param domain name, or {@value FittedLaw#MACRO}
 * @param difference nats per token, mixture minus baseline: the mixture is better below 0. Its
 *     confidence interval is a bootstrap of the documents' differences, widened by the seed noise
 *     if there are several seeds. It is infinite if there are neither documents nor seeds
 * @param documents number of documents that were compared
 */
public record Comparison(
    String mixture,
    String baseline,
    String model,
    Tokens budget,
    String domain,
    Estimate difference,
    int documents) {
  /** Checks that nothing is null. */
  public Comparison {
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(baseline, "baseline");
  }

  /** Returns whether the difference is significant: whether the interval excludes 0. */
  public boolean decided() {
    return !difference.interval().contains(0);
  }
}
