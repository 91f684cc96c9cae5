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

  /** Name of the number of distinct training tokens, before any repeat. */
  public static final String UNIQUE = "U";

  /** Name of the number of human tokens that synthetic ones are added to. */
  public static final String HUMAN = "D_human";

  /** Name of the number of synthetic tokens added to human ones. */
  public static final String SYNTHETIC = "D_synthetic";

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

  /** Share of a source in all training tokens, from 0 to 1. */
  public static Input share(String source) {
    return new Input("share_" + source, "share of training tokens", false, 1);
  }
}
