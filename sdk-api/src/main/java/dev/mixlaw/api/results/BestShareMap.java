package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.List;
import java.util.Optional;

/**
 * The best shares of a corpus for all models and budgets of a study, for display as a heat map.
 *
 * @param corpus corpus whose share varies
 * @param domain name of the domain, or {@value FittedLaw#MACRO}
 * @param maxRepeats how often each token of a corpus may be trained on in the range {@link
 *     Cell#allowed}
 * @param cells best shares, ordered by N and then by D, including points with fewer than two shares
 * @param laws laws from which {@link Cell#fitted} is computed; each gives the loss as a function of
 *     the share of the corpus, and its {@link FittedLaw#mixture} is the name of the corpus
 */
public record BestShareMap(
    String corpus, String domain, double maxRepeats, List<Cell> cells, List<FittedLaw> laws) {

  /**
   * Default of {@link #maxRepeats}. Up to four epochs are nearly as good as new text (Muennighoff
   * et al. 2023).
   */
  public static final double DEFAULT_MAX_REPEATS = 4;

  /** Copies the lists. */
  public BestShareMap {
    cells = List.copyOf(cells);
    laws = List.copyOf(laws);
  }

  /**
   * The best share for a model and budget.
   *
   * @param params number of parameters, N
   * @param tokens number of training tokens, D
   * @param measured the best of the shares that were run
   * @param fitted the best share according to a law, between the smallest and the largest share
   *     that were run
   * @param allowed range of shares at which no corpus is repeated more than {@link
   *     BestShareMap#maxRepeats} times; empty if there are no such shares, or if the size of a
   *     corpus is unknown
   * @param within the best of the allowed shares; it is computed from a law if there is one,
   *     otherwise from measured losses
   */
  public record Cell(
      Params params,
      Tokens tokens,
      Answer<BestShare> measured,
      Answer<BestShare> fitted,
      Optional<Interval> allowed,
      Answer<BestShare> within) {}
}
