package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The best share of a corpus at every model and budget of a study: what a heat map shows.
 *
 * @param corpus whose share varies
 * @param domain name, or {@value FittedLaw#MACRO}
 * @param maxRepeats how often a token may be trained on, in {@link Cell#allowed}
 * @param cells by N, then D; points at which fewer than two shares were run are there too
 * @param laws of shares that {@link Cell#fitted} rests on; their {@link FittedLaw#mixture} says
 *     whose share
 */
public record BestShareMap(
    String corpus, String domain, double maxRepeats, List<Cell> cells, List<FittedLaw> laws) {

  /** Up to four epochs are nearly as good as new text (Muennighoff et al. 2023). */
  public static final double DEFAULT_MAX_REPEATS = 4;

  public BestShareMap {
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(domain, "domain");
    cells = List.copyOf(cells);
    laws = List.copyOf(laws);
  }

  /**
   * One model and budget.
   *
   * @param params N
   * @param tokens D
   * @param measured the best of the shares that were run there
   * @param fitted the best of all shares between the smallest and the largest run, by a law of
   *     shares
   * @param allowed shares with which no corpus is repeated more than {@link
   *     BestShareMap#maxRepeats}; empty if none is, or a corpus's tokens are not known
   * @param within the best of the allowed shares: fitted where there is a law, else measured
   */
  public record Cell(
      Params params,
      Tokens tokens,
      Answer<BestShare> measured,
      Answer<BestShare> fitted,
      Optional<Interval> allowed,
      Answer<BestShare> within) {
    public Cell {
      Objects.requireNonNull(params, "params");
      Objects.requireNonNull(tokens, "tokens");
      Objects.requireNonNull(measured, "measured");
      Objects.requireNonNull(fitted, "fitted");
      Objects.requireNonNull(allowed, "allowed");
      Objects.requireNonNull(within, "within");
    }
  }
}
