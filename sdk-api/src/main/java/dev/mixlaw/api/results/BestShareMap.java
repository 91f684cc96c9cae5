package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.List;
import java.util.Optional;

/**
 * The best share of a corpus at every model and budget of a study, for display as a heat map.
 *
 * @param corpus corpus whose share varies
 * @param domain name of the domain, or {@value FittedLaw#MACRO}
 * @param maxRepeats largest number of times that a token may be trained on in the range {@link
 *     Cell#allowed}
 * @param cells cells ordered by N, then D, including points at which fewer than two shares were run
 * @param laws laws over shares that {@link Cell#fitted} is based on; {@link FittedLaw#mixture} is
 *     the name of the corpus
 */
public record BestShareMap(
    String corpus, String domain, double maxRepeats, List<Cell> cells, List<FittedLaw> laws) {

  /** Default of {@link #maxRepeats}: up to four epochs are nearly as good as new text. */
  public static final double DEFAULT_MAX_REPEATS = 4;

  /** Copies the lists. */
  public BestShareMap {
    cells = List.copyOf(cells);
    laws = List.copyOf(laws);
  }

  /**
   * The best share for one model and budget.
   *
   * @param params number of parameters, N
   * @param tokens number of training tokens, D
   * @param measured the best of the shares that were run there
   * @param fitted the best share according to a law, between the smallest and the largest share
   *     that were run
   * @param allowed range of shares for which no corpus is repeated more than {@link
   *     BestShareMap#maxRepeats}; empty if there is no such share, or the size of a corpus is not
   *     known
   * @param within the best of the allowed shares: fitted if there is a law, otherwise measured
   */
  public record Cell(
      Params params,
      Tokens tokens,
      Answer<BestShare> measured,
      Answer<BestShare> fitted,
      Optional<Interval> allowed,
      Answer<BestShare> within) {}
}
