package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.Locale;

/**
 * The fraction of cases in which small runs rank two mixtures in the same order as large runs, and
 * the regret of choosing the winner of the small runs (Magnusson et al. 2025, "DataDecide").
 *
 * @param params N of the small runs
 * @param tokens D of the small runs
 * @param targetParams N of the large runs
 * @param targetTokens D of the large runs
 * @param mixtures number of mixtures that were run at both sizes
 * @param accuracy share of pairs of mixtures, and of their seeds, that the small runs rank in the
 *     same order as the means of the large runs; 0.5 is the chance level. The interval comes from a
 *     bootstrap over mixtures
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
    return String.format(
        Locale.ROOT,
        "runs at N=%s, D=%s rank pairs of %d mixtures in the same order as runs at N=%s, D=%s in"
            + " %.0f %% of cases (%.0f to %.0f); choosing their winner %s costs %.4g compared"
            + " with %s",
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
