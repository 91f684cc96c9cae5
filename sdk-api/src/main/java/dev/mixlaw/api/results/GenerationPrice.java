package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Params;

/**
 * The price of generated text relative to the cost of training. The price is given in FLOPs of
 * training; training costs 6·N FLOPs per token.
 *
 * <p>The price assumes that every generated token is trained on equally often.
 *
 * @param flopsPerToken FLOPs of training that cost as much as the generation of one token, 0 or
 *     more; 0 if the text already exists
 * @param uses how often each generated token is trained on, at least 1; 1 by default
 */
public record GenerationPrice(double flopsPerToken, double uses) {
  /**
   * Checks that both numbers are in range.
   *
   * @throws IllegalArgumentException if the price is below 0, if the number of uses is below 1, or
   *     if either is infinite
   */
  public GenerationPrice {
    if (!(flopsPerToken >= 0) || Double.isInfinite(flopsPerToken)) {
      throw new IllegalArgumentException(
          "price of a generated token: %s FLOPs; expected a finite number of at least 0"
              .formatted(flopsPerToken));
    }
    if (!(uses >= 1) || Double.isInfinite(uses)) {
      throw new IllegalArgumentException(
          "uses of a generated token: " + uses + "; expected a finite number of at least 1");
    }
  }

  /** Returns a price per generated token, in FLOPs of training. */
  public static GenerationPrice flops(double perToken) {
    return new GenerationPrice(perToken, 1);
  }

  /**
   * Returns the price of text from a model of the given size. The price is 2·N FLOPs per token, the
   * cost of a forward pass (Kaplan et al. 2020, section 2.1). Call {@link #times} to include
   * prompts, rejected text and a lower utilisation of the hardware.
   */
  public static GenerationPrice generator(Params parameters) {
    return flops(2.0 * parameters.count());
  }

  /**
   * Returns a price in money.
   *
   * @param perMillionTokens price per million generated tokens
   * @param perExaflop price of 1e18 FLOPs of training in the same currency, above 0
   * @throws IllegalArgumentException if a price is out of range
   */
  public static GenerationPrice money(double perMillionTokens, double perExaflop) {
    if (!(perExaflop > 0)) {
      throw new IllegalArgumentException(
          "price of 1e18 FLOPs of training: " + perExaflop + "; expected a number above 0");
    }
    return flops(perMillionTokens / 1e6 / (perExaflop / 1e18));
  }

  /** Returns this price multiplied by a factor, 0 or more. */
  public GenerationPrice times(double factor) {
    return new GenerationPrice(flopsPerToken * factor, uses);
  }

  /**
   * Returns this price for text in which each token is trained on the given number of times, at
   * least 1.
   */
  public GenerationPrice usedTimes(double times) {
    return new GenerationPrice(flopsPerToken, times);
  }

  /** Returns the FLOPs of generation per training token. */
  public double flopsPerTokenTrained() {
    return flopsPerToken / uses;
  }
}
