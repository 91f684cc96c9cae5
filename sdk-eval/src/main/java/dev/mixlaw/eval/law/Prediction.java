package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Interval;

/**
 * A loss that a fitted law predicts.
 *
 * @param value loss by the law
 * @param confidence 95 % confidence interval of the law's loss
 * @param prediction 95 % prediction interval of the loss of a new run, which includes its noise
 */
public record Prediction(double value, Interval confidence, Interval prediction) {}
