package dev.mixlaw.eval.law;

/**
 * How well a law fitted without some observations predicts them.
 *
 * @param observations kept out
 * @param meanRelativeError mean of |predicted - measured| / measured
 * @param lastValueError the same of the trivial guess: the mean loss of the fitted point nearest to
 *     each in the logarithms of its inputs
 */
public record HeldOut(int observations, double meanRelativeError, double lastValueError) {}
