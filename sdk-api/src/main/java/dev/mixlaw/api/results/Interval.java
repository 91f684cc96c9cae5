package dev.mixlaw.api.results;

/**
 * A 95 % confidence interval.
 *
 * @param low lower end, at most {@code high}
 * @param high upper end
 */
public record Interval(double low, double high) {
  /** Returns whether a value lies within the interval, including its ends. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Returns whether two intervals overlap. */
  public boolean overlaps(Interval other) {
    return low <= other.high && other.low <= high;
  }
}
