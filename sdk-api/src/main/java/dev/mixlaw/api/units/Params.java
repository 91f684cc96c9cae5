package dev.mixlaw.api.units;

import dev.mixlaw.api.internal.Quantity;

/**
 * A number of model parameters. Unless otherwise noted, it does not include the parameters of the
 * embedding and the output head.
 *
 * @param count number of parameters, at least 1
 */
public record Params(long count) implements Comparable<Params> {
  /**
   * Checks that the number is at least 1.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  public Params {
    Quantity.positive("parameters", count);
  }

  /**
   * Parses a number of parameters, such as {@code "30M"} or {@code "1.5B"}.
   *
   * @throws IllegalArgumentException if the text is not a positive number with an optional k, M, B
   *     or T
   */
  public static Params params(String text) {
    return new Params(Quantity.parse("parameters", text));
  }

  /**
   * Returns a number of parameters.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  public static Params params(long count) {
    return new Params(count);
  }

  @Override
  public int compareTo(Params other) {
    return Long.compare(count, other.count);
  }

  /** Formats the number with three significant digits and a suffix, as in {@code 1.25M}. */
  @Override
  public String toString() {
    return Quantity.format(count);
  }
}
