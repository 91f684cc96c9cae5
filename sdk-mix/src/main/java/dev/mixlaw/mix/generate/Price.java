package dev.mixlaw.mix.generate;

import java.util.Locale;
import java.util.Objects;

/**
 * What a generator costs.
 *
 * @param prompt per million tokens read
 * @param written per million tokens written
 * @param currency such as {@code USD}
 */
public record Price(double prompt, double written, String currency) {
  public Price {
    Objects.requireNonNull(currency, "currency");
    if (!(prompt >= 0 && written >= 0 && prompt + written < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "price per million tokens: " + prompt + ", " + written + "; expected 0 or more");
    }
  }

  /** The price of a million tokens. */
  public static Price perMillionTokens(double prompt, double written, String currency) {
    return new Price(prompt, written, currency);
  }

  /** The price of so many tokens, in {@link #currency}. */
  public double of(long promptTokens, long writtenTokens) {
    return (promptTokens * prompt + writtenTokens * written) / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s %s read, %s written, per million tokens", currency, prompt, written);
  }
}
