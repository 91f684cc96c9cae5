package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.BestShare.Basis;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.List;

/**
 * A loss in nats per token with its draws, measured or by a law.
 *
 * @param draws alike for all mixtures; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record LossDistribution(double value, double[] draws, Basis basis, List<String> warnings) {
  Estimate estimate() {
    return new Estimate(value, Quantiles.interval95(draws));
  }
}
