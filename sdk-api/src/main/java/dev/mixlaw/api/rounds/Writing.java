package dev.mixlaw.api.rounds;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Settings for writing the text of a round, on which the models of the next round are trained. The
 * models of each seed write only for their own chain.
 *
 * @param promptTokens number of prompt tokens. With 0, every document starts after an end-of-text
 *     token, without a prompt (Gerstgrasser et al. 2024). Otherwise, each document continues this
 *     many initial tokens of a randomly drawn natural document (Shumailov et al. 2024). The prompt
 *     is not part of the written document
 * @param temperature sampling temperature, above 0; 1 samples from the model's distribution
 * @param topP total probability of the most likely tokens, to which sampling is limited; above 0,
 *     at most 1; 1 samples from all tokens
 * @param maxTokens largest number of tokens per document; if empty, only the model's context limits
 *     it
 * @param tokens number of tokens to write in each round; if empty, as many as round 0 trains on. If
 *     fewer are written, they are trained on more than once
 */
public record Writing(
    int promptTokens,
    double temperature,
    double topP,
    OptionalInt maxTokens,
    Optional<Tokens> tokens) {

  /** Checks that nothing is null. */
  public Writing {
    Objects.requireNonNull(maxTokens, "maxTokens");
    Objects.requireNonNull(tokens, "tokens");
  }

  /** Returns settings for writing without prompts, sampling from all tokens at temperature 1. */
  public static Writing unconditional() {
    return fromPrefixes(0);
  }

  /**
   * Returns settings for continuing natural documents, sampling from all tokens at temperature 1.
   *
   * @param promptTokens number of initial tokens of a natural document that form the prompt, 0 or
   *     more
   */
  public static Writing fromPrefixes(int promptTokens) {
    return new Writing(promptTokens, 1, 1, OptionalInt.empty(), Optional.empty());
  }

  /** Sets the temperature, above 0; 1 by default. */
  public Writing temperature(double newTemperature) {
    return new Writing(promptTokens, newTemperature, topP, maxTokens, tokens);
  }

  /**
   * Limits sampling to the most likely tokens with the given total probability, above 0 and at most
   * 1; 1 by default.
   */
  public Writing topP(double newTopP) {
    return new Writing(promptTokens, temperature, newTopP, maxTokens, tokens);
  }

  /**
   * Sets the largest number of tokens per document, at least 1; by default, only the context limits
   * it.
   */
  public Writing maxTokens(int most) {
    return new Writing(promptTokens, temperature, topP, OptionalInt.of(most), tokens);
  }

  /**
   * Sets the number of tokens that each round writes; by default, as many as round 0 trains on.
   *
   * @param number number of tokens, such as {@code "200k"}
   * @throws IllegalArgumentException if it is not a positive number with an optional k, M, B or T
   */
  public Writing tokens(String number) {
    return new Writing(
        promptTokens, temperature, topP, maxTokens, Optional.of(Tokens.tokens(number)));
  }

  /** Returns the settings as text. The text is part of a stored description and must not change. */
  @Override
  public String toString() {
    return (promptTokens == 0
            ? "unconditionally"
            : "from the first " + promptTokens + " tokens of natural documents")
        + ", temperature "
        + temperature
        + ", top-p "
        + topP
        + (maxTokens.isPresent() ? ", at most " + maxTokens.getAsInt() + " tokens a document" : "");
  }
}
