package dev.mixlaw.api.units;

import dev.mixlaw.api.internal.Quantity;

/**
 * A number of tokens, of a study's tokenizer unless said otherwise.
 *
 * @param count at least 1
 */
public record Tokens(long count) implements Comparable<Tokens> {
  public Tokens {
    Quantity.positive("tokens", count);
  }

  /** Reads {@code "200M"} or {@code "1.5B"}. */
  public static Tokens tokens(String text) {
    return new Tokens(Quantity.parse("tokens", text));
  }

  public static Tokens tokens(long count) {
    return new Tokens(count);
  }

  @Override
  public int compareTo(Tokens other) {
    return Long.compare(count, other.count);
  }

  @Override
  public String toString() {
    return Quantity.format(count);
  }
}
