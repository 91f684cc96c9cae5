package dev.mixlaw.eval.law;

import java.util.Objects;

/**
 * A quantity that a law depends on.
 *
 * @param name such as {@code N}
 * @param unit such as {@code tokens}
 * @param positive whether it must be above 0; else 0 is allowed too
 * @param levels distinct values the data must have for the law's parameters along it: one more than
 *     there are of them
 */
public record Input(String name, String unit, boolean positive, int levels) {
  /** Name of the number of parameters of a model. */
  public static final String N = "N";

  /** Name of the number of training tokens. */
  public static final String D = "D";

  public Input {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(unit, "unit");
  }

  /** Parameters of a model, non-embedding unless the data say otherwise. */
  public static Input params(int levels) {
    return new Input(N, "parameters", true, levels);
  }

  /** Training tokens. */
  public static Input tokens(int levels) {
    return new Input(D, "tokens", true, levels);
  }
}
