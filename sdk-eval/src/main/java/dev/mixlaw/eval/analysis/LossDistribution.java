package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.BestShare.Basis;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.List;

/**
 * A measured or predicted loss with its draws.
 *
 * @param draws resampled losses, which must not be modified; draw r uses the same documents for all
 *     mixtures
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record LossDistribution(double value, double[] draws, Basis basis, List<String> warnings) {
  Estimate estimate() {
    return new Estimate(value, Quantiles.interval95(draws));
  }
}
