package dev.mixlaw.mix.generate;

import dev.mixlaw.api.internal.Texts;
import java.util.Objects;

/**
 * The price of a generator's tokens.
 *
 * @param prompt price per million prompt tokens, 0 or more
 * @param written price per million generated tokens, 0 or more
 * @param currency currency, such as {@code USD}
 */
record Price(double prompt, double written, String currency) {
  Price {
    Objects.requireNonNull(currency, "currency");
    if (!(prompt >= 0 && written >= 0 && prompt + written < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "price per million tokens: " + prompt + ", " + written + "; expected 0 or more");
    }
  }

  double of(long promptTokens, long writtenTokens) {
    return (promptTokens * prompt + writtenTokens * written) / 1e6;
  }

  @Override
  public String toString() {
    return Texts.format("%s %s read, %s written, per million tokens", currency, prompt, written);
  }
}
