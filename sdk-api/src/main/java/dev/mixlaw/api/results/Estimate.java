package dev.mixlaw.api.results;

import java.util.Locale;

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

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.4g (%.4g to %.4g)", value, interval.low(), interval.high());
  }
}
