package dev.mixlaw.api.rounds;

import java.util.Objects;
import java.util.Optional;

/**
 * One model of the rounds.
 *
 * @param strategy empty in round 0, which all strategies share
 * @param round from 0
 * @param seed which chain, from 0
 */
public record RoundKey(Optional<Strategy> strategy, int round, int seed) {
  public RoundKey {
    Objects.requireNonNull(strategy, "strategy");
  }

  /** The model of a strategy's round; of round 0 for all of them. */
  public static RoundKey of(Strategy strategy, int round, int seed) {
    return new RoundKey(round == 0 ? Optional.empty() : Optional.of(strategy), round, seed);
  }

  /** Names mixture and text: {@code round-0-seed-1}, {@code replace-2-seed-1}. */
  public String label() {
    return strategy.map(Strategy::toString).orElse("round") + "-" + round + "-seed-" + seed;
  }

  @Override
  public String toString() {
    return strategy.map(s -> s + ", ").orElse("") + "round " + round + ", seed " + seed;
  }
}
