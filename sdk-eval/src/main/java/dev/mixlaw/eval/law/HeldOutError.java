package dev.mixlaw.eval.law;

import java.util.Objects;
import java.util.Optional;

/**
 * The prediction error of a law on observations that were held out of the fit, and of a trivial
 * baseline. The baseline predicts the mean loss of the fitted point that is nearest in the
 * logarithms of the inputs. Along one axis that is the last value of the curve.
 *
 * @param observations number of observations that were held out
 * @param meanRelativeError mean of |predicted - measured| / measured
 * @param lastValueError mean relative error of the baseline
 * @param inside number of held-out observations that lie inside their 95 % prediction interval
 * @param ranking pairwise ranking accuracy; empty if all held-out losses are equal
 */
public record HeldOutError(
    int observations,
    double meanRelativeError,
    double lastValueError,
    int inside,
    Optional<Ranking> ranking) {
  public HeldOutError {
    Objects.requireNonNull(ranking, "ranking");
  }

  /**
   * The share of pairs of held-out observations whose order of losses is predicted correctly. A tie
   * of predictions counts half.
   *
   * @param pairs number of pairs that differ in measured loss
   * @param law share of pairs in the right order by the law; the chance level is 0.5
   * @param lastValue share of pairs in the right order by the baseline
   */
  public record Ranking(long pairs, double law, double lastValue) {}
}
