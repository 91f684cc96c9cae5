package dev.mixlaw.api.results;

import java.util.Map;

/**
 * The means of one run over all domains or tests.
 *
 * @param key key of the run
 * @param macro mean over the domains or tests, by metric
 * @param micro Σ scores / Σ weights over all domains or tests, by metric
 */
public record MeanLoss(RunKey key, Map<Metric, Estimate> macro, Map<Metric, Estimate> micro) {
  private static final double INFINITE = Double.POSITIVE_INFINITY;
  private static final Estimate UNKNOWN = Estimate.of(INFINITE, INFINITE, INFINITE);

  /** Copies the maps. */
  public MeanLoss {
    macro = Map.copyOf(macro);
    micro = Map.copyOf(micro);
  }

  /** Returns the mean of the domains' nats per token; infinite if it was not measured. */
  public Estimate macroNatsPerToken() {
    return macro.getOrDefault(Metric.NATS_PER_TOKEN, UNKNOWN);
  }

  /** Returns the mean of the domains' bits per byte; infinite if it was not measured. */
  public Estimate macroBitsPerByte() {
    return macro.getOrDefault(Metric.BITS_PER_BYTE, UNKNOWN);
  }
}
