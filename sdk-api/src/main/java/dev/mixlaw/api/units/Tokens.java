package dev.mixlaw.api.units;

import dev.mixlaw.api.internal.Quantity;

/**
 * A number of tokens, as counted by a study's tokenizer.
 *
 * @param count number of tokens, at least 1
 */
public record Tokens(long count) implements Comparable<Tokens> {
  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  public Tokens {
    Quantity.positive("tokens", count);
  }

  /**
   * Returns the number in a text such as {@code "200M"} or {@code "1.5B"}.
   *
   * @throws IllegalArgumentException if the text is not a positive number with an optional k, M, B
   *     or T
   */
  public static Tokens tokens(String text) {
    return new Tokens(Quantity.parse("tokens", text));
  }

  /**
   * Returns a number of tokens.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  public static Tokens tokens(long count) {
    return new Tokens(count);
  }

  @Override
  public int compareTo(Tokens other) {
    return Long.compare(count, other.count);
  }

  /** Returns the number with three significant digits and a suffix, such as {@code 1.25M}. */
  @Override
  public String toString() {
    return Quantity.format(count);
  }
}
