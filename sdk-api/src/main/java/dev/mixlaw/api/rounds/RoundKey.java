package dev.mixlaw.api.rounds;

import java.util.Optional;

/**
 * Identifies a model in rounds of training by its strategy, round and seed.
 *
 * @param strategy the strategy; empty in round 0, which all strategies share
 * @param round number of the round, from 0
 * @param seed index of the chain, from 0
 */
public record RoundKey(Optional<Strategy> strategy, int round, int seed) {

  /** Returns the key of a model. In round 0, all strategies have the same key. */
  public static RoundKey of(Strategy strategy, int round, int seed) {
    return new RoundKey(round == 0 ? Optional.empty() : Optional.of(strategy), round, seed);
  }

  /**
   * Returns the name of the mixture and of the generated text, such as {@code replace-2-seed-1}.
   */
  public String label() {
    return strategy.map(Strategy::toString).orElse("round") + "-" + round + "-seed-" + seed;
  }

  @Override
  public String toString() {
    return strategy.map(s -> s + ", ").orElse("") + "round " + round + ", seed " + seed;
  }
}
