package dev.mixlaw.api.results;

import dev.mixlaw.api.internal.Texts;
import java.util.function.DoubleUnaryOperator;

/**
 * An estimated number with its 95 % confidence interval.
 *
 * @param value best estimate
 * @param interval confidence interval, which need not contain the value
 */
public record Estimate(double value, Interval interval) {

  /** Returns an estimate whose confidence interval has the given bounds. */
  public static Estimate of(double value, double low, double high) {
    return new Estimate(value, new Interval(low, high));
  }

  /**
   * Applies a function to the value and to the bounds of the interval. The function must be
   * increasing.
   */
  public Estimate map(DoubleUnaryOperator increasing) {
    return of(
        increasing.applyAsDouble(value),
        increasing.applyAsDouble(interval.low()),
        increasing.applyAsDouble(interval.high()));
  }

  @Override
  public String toString() {
    return Texts.format("%.4g (%.4g to %.4g)", value, interval.low(), interval.high());
  }
}
