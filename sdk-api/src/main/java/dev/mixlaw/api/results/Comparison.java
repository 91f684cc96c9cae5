package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;

/**
 * A mixture against a baseline on the same documents.
 *
 * @param mixture name
 * @param baseline name
 * @param model name
 * @param budget tokens
 * @param domain name, or {@value FittedLaw#MACRO}
 * @param difference nats per token, mixture minus baseline: below 0 the mixture is better; interval
 *     by a bootstrap of the documents' differences, widened by the seeds' noise where several seeds
 *     were run; without bounds where there are neither documents nor seeds to tell the noise
 * @param documents that were compared
 */
public record Comparison(
    String mixture,
    String baseline,
    String model,
    Tokens budget,
    String domain,
    Estimate difference,
    int documents) {
  public Comparison {
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(baseline, "baseline");
  }

  /** Whether the interval leaves out 0. */
  public boolean decided() {
    return !difference.interval().contains(0);
  }
}
