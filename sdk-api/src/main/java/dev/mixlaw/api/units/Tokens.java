package dev.mixlaw.api.units;

import dev.mixlaw.api.internal.Quantity;

/**
 * A number of tokens, as counted by the tokenizer of a study.
 *
 * @param count number of tokens, at least 1
 */
public record Tokens(long count) implements Comparable<Tokens> {
  /**
   * Checks that the number is at least 1.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  public Tokens {
    Quantity.positive("tokens", count);
  }

  /**
   * Parses a number of tokens, such as {@code "200M"} or {@code "1.5B"}.
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

  /** Formats the number with three significant digits and a suffix, as in {@code 1.25M}. */
  @Override
  public String toString() {
    return Quantity.format(count);
  }
}
