package dev.mixlaw.api.units;

import dev.mixlaw.api.internal.Quantity;

/**
 * A number of model parameters; non-embedding ones (without the embedding and the output head)
 * unless said otherwise.
 *
 * @param count at least 1
 */
public record Params(long count) implements Comparable<Params> {
  public Params {
    Quantity.positive("parameters", count);
  }

  /** Reads {@code "30M"} or {@code "1.5B"}. */
  public static Params params(String text) {
    return new Params(Quantity.parse("parameters", text));
  }

  public static Params params(long count) {
    return new Params(count);
  }

  @Override
  public int compareTo(Params other) {
    return Long.compare(count, other.count);
  }

  @Override
  public String toString() {
    return Quantity.format(count);
  }
}
