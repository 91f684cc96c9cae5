package dev.mixlaw.api.results;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;

/**
 * The decision accuracy of small runs, which is the fraction of pairs of mixtures that small runs
 * and large runs rank in the same order. The record also contains the regret of choosing the best
 * mixture of the small runs (Magnusson et al. 2025, "DataDecide").
 *
 * @param params number of parameters of the small runs
 * @param tokens number of training tokens of the small runs
 * @param targetParams number of parameters of the large runs
 * @param targetTokens number of training tokens of the large runs
 * @param mixtures number of mixtures that were run at both sizes
 * @param accuracy fraction of pairs of mixtures and seeds that the small runs rank in the same
 *     order as the means of the large runs; the chance level is 0.5. The interval is computed with
 *     a bootstrap over mixtures
 * @param winner mixture with the lowest loss in the small runs
 * @param targetWinner mixture with the lowest loss in the large runs
 * @param regret loss of {@code winner} minus loss of {@code targetWinner} in the large runs, in the
 *     unit of the findings
 */
public record DecisionAccuracy(
    Params params,
    Tokens tokens,
    Params targetParams,
    Tokens targetTokens,
    int mixtures,
    Estimate accuracy,
    String winner,
    String targetWinner,
    double regret) {

  @Override
  public String toString() {
    return Texts.format(
        "runs at N=%s, D=%s rank pairs of %d mixtures in the same order as runs at N=%s, D=%s in %.0f %% of cases (%.0f to %.0f); choosing their winner %s costs %.4g compared with %s",
        params,
        tokens,
        mixtures,
        targetParams,
        targetTokens,
        100 * accuracy.value(),
        100 * accuracy.interval().low(),
        100 * accuracy.interval().high(),
        winner,
        regret,
        targetWinner);
  }
}
