package dev.mixlaw.eval.law;

import java.util.Objects;
import java.util.Optional;

/**
 * How well a law fitted without some observations predicts them, beside the trivial guess: the mean
 * loss of the fitted point nearest to each in the logarithms of its inputs ("last value", as along
 * one axis that is the end of the curve).
 *
 * @param observations kept out
 * @param meanRelativeError mean of |predicted - measured| / measured
 * @param lastValueError the same of the trivial guess
 * @param ranking of the observations kept out; empty where no two of them differ in loss
 */
public record HeldOutError(
    int observations, double meanRelativeError, double lastValueError, Optional<Ranking> ranking) {
  public HeldOutError {
    Objects.requireNonNull(ranking, "ranking");
  }

  /**
   * How often the order of two losses is foreseen: who only wants to know which run will be better
   * needs no exact loss, and may not need a law. A tie in what is foreseen counts half.
   *
   * @param pairs of held-out observations that differ in measured loss
   * @param law share of them that the law orders as measured; 0.5 is chance
   * @param lastValue share of them that the trivial guess orders as measured
   */
  public record Ranking(long pairs, double law, double lastValue) {}
}
