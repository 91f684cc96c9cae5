package dev.mixlaw.eval.law;

import java.util.Objects;

/**
 * An input of a law, such as the number of parameters or of training tokens.
 *
 * @param name short name, such as {@code N}
 * @param unit unit, such as {@code tokens}
 * @param positive whether values must be above 0; if false, 0 is allowed
 * @param levels smallest number of distinct values that identifies the parameters of this input;
 *     one more than the number of these parameters
 */
public record Input(String name, String unit, boolean positive, int levels) {
  /** Name of the input for the number of model parameters. */
  public static final String N = "N";

  /** Name of the input for the number of training tokens. */
  public static final String D = "D";

  /** Name of the input for the number of distinct training tokens, before repetition. */
  public static final String UNIQUE = "U";

  /** Name of the input for the number of human tokens to which synthetic tokens are added. */
  public static final String HUMAN = "D_human";

  /** Name of the input for the number of synthetic tokens that are added to human tokens. */
  public static final String SYNTHETIC = "D_synthetic";

  public Input {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(unit, "unit");
  }

  /**
   * Returns the input N, the number of model parameters. Embeddings are excluded unless the data
   * define N otherwise.
   */
  public static Input params(int levels) {
    return new Input(N, "parameters", true, levels);
  }

  /** Returns the input D, the number of training tokens. */
  public static Input tokens(int levels) {
    return new Input(D, "tokens", true, levels);
  }

  /** Returns the input for the share of a source in all training tokens, from 0 to 1. */
  public static Input share(String source) {
    return new Input("share_" + source, "share of training tokens", false, 1);
  }
}
