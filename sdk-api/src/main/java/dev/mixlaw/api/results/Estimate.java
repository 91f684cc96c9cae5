package dev.mixlaw.api.results;

import java.util.Locale;
import java.util.Objects;

/** A number with its 95 % interval. */
public record Estimate(double value, Interval interval) {
  public Estimate {
    Objects.requireNonNull(interval, "interval");
  }

  public static Estimate of(double value, double low, double high) {
    return new Estimate(value, new Interval(low, high));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.4g (%.4g to %.4g)", value, interval.low(), interval.high());
  }
}
