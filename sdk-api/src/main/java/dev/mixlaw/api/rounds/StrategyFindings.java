package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.CollapseVerdict;
import java.util.List;

/**
 * The findings of a strategy.
 *
 * @param strategy which one
 * @param rounds from round 0 to the last that a seed completed
 * @param verdict whether it collapses, with the reason
 */
public record StrategyFindings(
    Strategy strategy, List<RoundFigures> rounds, CollapseVerdict verdict) {
  /** Copies the list. */
  public StrategyFindings {
    rounds = List.copyOf(rounds);
  }

  @Override
  public String toString() {
    return strategy + ": " + verdict;
  }
}
