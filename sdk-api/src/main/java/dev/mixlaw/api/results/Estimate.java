package dev.mixlaw.api.results;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * A number with its 95 % confidence interval.
 *
 * @param value best estimate
 * @param interval confidence interval, which usually contains the value
 */
public record Estimate(double value, Interval interval) {

  /** Returns an estimate with the interval from {@code low} to {@code high}. */
  public static Estimate of(double value, double low, double high) {
    return new Estimate(value, new Interval(low, high));
  }

  /** Returns this estimate with an increasing function applied to its value and interval. */
  public Estimate map(DoubleUnaryOperator increasing) {
    return of(
        increasing.applyAsDouble(value),
        increasing.applyAsDouble(interval.low()),
        increasing.applyAsDouble(interval.high()));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.4g (%.4g to %.4g)", value, interval.low(), interval.high());
  }
}
