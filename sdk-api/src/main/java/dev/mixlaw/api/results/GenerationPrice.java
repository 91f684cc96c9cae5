package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Params;

/**
 * What generated text costs, beside what training costs: 6·N FLOPs a token.
 *
 * <p>Training and generating both grow in proportion to the tokens trained on, if every generated
 * token is trained on equally often. Their cost is counted in training FLOPs, whatever it is paid
 * in.
 *
 * @param flopsPerToken cost of generating one token, in FLOPs of training; 0 for text that is there
 *     already
 * @param uses how often each generated token is trained on; 1 by default
 */
public record GenerationPrice(double flopsPerToken, double uses) {
  public GenerationPrice {
    if (!(flopsPerToken >= 0) || Double.isInfinite(flopsPerToken)) {
      throw new IllegalArgumentException(
          "price of a generated token: " + flopsPerToken + " FLOPs; expected 0 or more, finite");
    }
    if (!(uses >= 1) || Double.isInfinite(uses)) {
      throw new IllegalArgumentException(
          "uses of a generated token: " + uses + "; expected 1 or more, finite");
    }
  }

  /** FLOPs of training that one generated token is worth. */
  public static GenerationPrice flops(double perToken) {
    return new GenerationPrice(perToken, 1);
  }

  /**
   * By a model of this many parameters: 2·N FLOPs, one forward pass a token (Kaplan et al. 2020,
   * section 2.1). Its prompt, rejected text and a lower use of the hardware come on top: {@link
   * #times}.
   */
  public static GenerationPrice generator(Params parameters) {
    return flops(2.0 * parameters.count());
  }

  /**
   * In money.
   *
   * @param perMillionTokens price of a million generated tokens
   * @param perExaflop price of 1e18 FLOPs of training, in the same currency; above 0
   */
  public static GenerationPrice money(double perMillionTokens, double perExaflop) {
    if (!(perExaflop > 0)) {
      throw new IllegalArgumentException(
          "price of 1e18 FLOPs of training: " + perExaflop + "; expected above 0");
    }
    return flops(perMillionTokens / 1e6 / (perExaflop / 1e18));
  }

  /** This price, {@code factor} times. */
  public GenerationPrice times(double factor) {
    return new GenerationPrice(flopsPerToken * factor, uses);
  }

  /** Each generated token is trained on this often, so that the price is spread. */
  public GenerationPrice usedTimes(double times) {
    return new GenerationPrice(flopsPerToken, times);
  }

  /** FLOPs of generation for each token trained on. */
  public double flopsPerTokenTrained() {
    return flopsPerToken / uses;
  }
}
