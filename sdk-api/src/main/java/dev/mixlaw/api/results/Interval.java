package dev.mixlaw.api.results;

/**
 * A 95 % confidence interval.
 *
 * @param low lower bound, at most {@code high}
 * @param high upper bound
 */
public record Interval(double low, double high) {
  /** Returns whether this interval contains a value. The bounds belong to the interval. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Returns whether this interval overlaps another one. */
  public boolean overlaps(Interval other) {
    return low <= other.high && other.low <= high;
  }
}
