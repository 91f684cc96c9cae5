package dev.mixlaw.api.results;

/**
 * A 95 % interval.
 *
 * @param low not above {@code high}
 */
public record Interval(double low, double high) {
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  public boolean overlaps(Interval other) {
    return low <= other.high && other.low <= high;
  }
}
