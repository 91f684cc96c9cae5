package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.Collapse;
import java.util.List;

/**
 * The findings of a strategy.
 *
 * @param strategy the strategy
 * @param rounds results from round 0 to the last round that was completed with any seed
 * @param verdict whether the models collapse with this strategy, with the reason
 */
public record StrategyFindings(Strategy strategy, List<RoundFigures> rounds, Collapse verdict) {
  /** Copies the list. */
  public StrategyFindings {
    rounds = List.copyOf(rounds);
  }

  @Override
  public String toString() {
    return strategy + ": " + verdict.summary();
  }
}
