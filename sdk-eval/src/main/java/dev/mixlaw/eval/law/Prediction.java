package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Interval;

/**
 * A loss that a fitted law predicts.
 *
 * @param value of the law itself
 * @param confidence where the law lies there, with 95 % confidence
 * @param prediction where a new run would lie there: the law's interval and the noise of one run
 */
public record Prediction(double value, Interval confidence, Interval prediction) {}
