package dev.mixlaw.eval.law;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The prediction errors of a law and of a trivial baseline on observations that were held out of
 * the fit. The baseline predicts the mean loss of the nearest fitted point, measured in logarithms
 * of the inputs. If the law has a single input, this is the last value of the curve.
 *
 * @param observations number of observations that were held out
 * @param meanRelativeError mean of |predicted - measured| / measured
 * @param meanRelativeErrorBySize map from N to the mean relative error of the observations of this
 *     size; if there are more than ten sizes, each is rounded to a power of 2; empty if the law has
 *     no N
 * @param lastValueError mean relative error of the baseline
 * @param inside number of held-out observations within their 95 % prediction intervals
 * @param pairs number of pairs of held-out observations that differ in measured loss
 * @param ranking share of these pairs whose order the law predicts, where ties count as one half
 *     and the chance level is 0.5; empty if there are no pairs
 * @param lastValueRanking share of these pairs whose order the baseline predicts
 */
public record HeldOutError(
    int observations,
    double meanRelativeError,
    Map<Double, Double> meanRelativeErrorBySize,
    double lastValueError,
    int inside,
    long pairs,
    OptionalDouble ranking,
    OptionalDouble lastValueRanking) {
  /** Copies the map, sorted by size. */
  public HeldOutError {
    meanRelativeErrorBySize = Collections.unmodifiableMap(new TreeMap<>(meanRelativeErrorBySize));
  }
}
