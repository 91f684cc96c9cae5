package dev.mixlaw.eval.law;

import java.util.Arrays;

/**
 * The objective function of a fit with its threshold.
 *
 * @param delta residual at which the Huber loss changes from quadratic to linear; infinite for
 *     least squares
 */
record Criterion(Objective objective, double delta) {
  static Criterion of(Objective objective) {
    return of(objective, Objective.DELTA);
  }

  static Criterion of(Objective objective, double delta) {
    return new Criterion(
        objective, objective == Objective.HUBER_LOG ? delta : Double.POSITIVE_INFINITY);
  }

  boolean logarithmic() {
    return objective == Objective.HUBER_LOG;
  }

  double half() {
    return logarithmic() ? 0.5 : 1;
  }

  /** Returns the losses or their logarithms, depending on the objective. */
  double[] targets(double[] losses) {
    return logarithmic() ? Arrays.stream(losses).map(Math::log).toArray() : losses;
  }

  Criterion withDelta(double other) {
    return new Criterion(objective, other);
  }
}
