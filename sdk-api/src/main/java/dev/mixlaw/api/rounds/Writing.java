package dev.mixlaw.api.rounds;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings for generating the text of a round. The models of the next round in the same chain
 * are trained on this text.
 *
 * @param promptTokens number of prompt tokens. If it is 0, every document starts after an
 *     end-of-text token, without a prompt (Gerstgrasser et al. 2024). Otherwise, the prompt is the
 *     beginning of a randomly drawn natural document (Shumailov et al. 2024). The prompt is not
 *     part of the generated document
 * @param temperature sampling temperature, above 0; 1 samples from the distribution of the model
 * @param topP total probability of the most likely tokens to which sampling is limited, above 0 and
 *     at most 1; 1 samples from all tokens
 * @param maxTokens largest number of tokens per document; if empty, only the context of the model
 *     limits it
 * @param tokens number of tokens to generate in each round; if empty, the number of training tokens
 *     in round 0. If it is smaller than that, each token is trained on more than once
 */
public record Writing(
    int promptTokens,
    double temperature,
    double topP,
    OptionalInt maxTokens,
    Optional<Tokens> tokens) {

  /** Checks that no component is null. */
  public Writing {
    Objects.requireNonNull(maxTokens, "maxTokens");
    Objects.requireNonNull(tokens, "tokens");
  }

  /**
   * Returns settings for generating text without prompts. Sampling uses all tokens and a
   * temperature of 1.
   */
  public static Writing unconditional() {
    return fromPrefixes(0);
  }

  /**
   * Returns settings for continuing natural documents. Sampling uses all tokens and a temperature
   * of 1.
   *
   * @param promptTokens number of tokens at the beginning of a natural document that form the
   *     prompt, 0 or more
   */
  public static Writing fromPrefixes(int promptTokens) {
    return new Writing(promptTokens, 1, 1, OptionalInt.empty(), Optional.empty());
  }

  /** Sets the sampling temperature, above 0; 1 by default. */
  public Writing temperature(double newTemperature) {
    return new Writing(promptTokens, newTemperature, topP, maxTokens, tokens);
  }

  /**
   * Limits sampling to the most likely tokens with the given total probability, which is above 0
   * and at most 1. The default is 1.
   */
  public Writing topP(double newTopP) {
    return new Writing(promptTokens, temperature, newTopP, maxTokens, tokens);
  }

  /**
   * Sets the largest number of tokens per document, at least 1. By default, only the context of the
   * model limits it.
   */
  public Writing maxTokens(int most) {
    return new Writing(promptTokens, temperature, topP, OptionalInt.of(most), tokens);
  }

  /**
   * Sets the number of tokens to generate in each round; by default, the number of training tokens
   * in round 0.
   *
   * @param number number of tokens, such as {@code "200k"}
   * @throws IllegalArgumentException if the text is not a positive number with an optional k, M, B
   *     or T
   */
  public Writing tokens(String number) {
    return new Writing(
        promptTokens, temperature, topP, maxTokens, Optional.of(Tokens.tokens(number)));
  }

  /**
   * Returns a text that identifies these settings. The text is part of a stored description and
   * must not change between versions.
   */
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
