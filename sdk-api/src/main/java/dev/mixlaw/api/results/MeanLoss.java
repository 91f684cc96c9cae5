package dev.mixlaw.api.results;

import java.util.Map;

/**
 * The values of a run averaged over all domains or over all tests.
 *
 * @param key key of the run
 * @param macro map from each metric to its unweighted mean over the domains or tests
 * @param micro map from each metric to Σ scores / Σ weights (see {@link Measurement}) over the
 *     items of all domains or tests
 */
public record MeanLoss(RunKey key, Map<Metric, Estimate> macro, Map<Metric, Estimate> micro) {
  private static final double INFINITE = Double.POSITIVE_INFINITY;
  private static final Estimate UNKNOWN = Estimate.of(INFINITE, INFINITE, INFINITE);

  /** Copies the maps. */
  public MeanLoss {
    macro = Map.copyOf(macro);
    micro = Map.copyOf(micro);
  }

  /** Returns the macro average in nats per token; infinite if it was not measured. */
  public Estimate macroNatsPerToken() {
    return macro.getOrDefault(Metric.NATS_PER_TOKEN, UNKNOWN);
  }

  /** Returns the macro average in bits per byte; infinite if it was not measured. */
  public Estimate macroBitsPerByte() {
    return macro.getOrDefault(Metric.BITS_PER_BYTE, UNKNOWN);
  }
}
