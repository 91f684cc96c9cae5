package dev.mixlaw.eval.law;

import java.util.OptionalDouble;

/**
 * The prediction error of a law on observations that were held out of the fit, and of a trivial
 * baseline. The baseline predicts the mean loss of the fitted point that is nearest in the
 * logarithms of the inputs. Along a single axis, this point is the last value of the curve.
 *
 * @param observations number of observations that were held out
 * @param meanRelativeError mean of |predicted - measured| / measured
 * @param lastValueError mean relative error of the baseline
 * @param inside number of held-out observations inside their 95 % prediction intervals
 * @param pairs number of pairs of held-out observations that differ in measured loss
 * @param ranking share of these pairs whose order the law predicts, with ties counted as one half;
 *     the chance level is 0.5; empty if there are no pairs
 * @param lastValueRanking share of these pairs whose order the baseline predicts
 */
public record HeldOutError(
    int observations,
    double meanRelativeError,
    double lastValueError,
    int inside,
    long pairs,
    OptionalDouble ranking,
    OptionalDouble lastValueRanking) {}
