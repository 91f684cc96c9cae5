package dev.mixlaw.api.rounds;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the model of a round writes the text of the next round. The models of each seed write for
 * their own chain.
 *
 * @param promptTokens 0 starts every document after an end of text, without a prompt (Gerstgrasser
 *     et al. 2024). More continue so many first tokens of a natural document, drawn at random for
 *     each (Shumailov et al. 2024). The prompt is not part of the written document
 * @param temperature above 0; 1 samples from the model's distribution
 * @param topP above 0, at most 1: samples from the most likely tokens of together this probability;
 *     1 samples from all
 * @param maxTokens most tokens of a document; as many as the model's context leaves when empty
 * @param tokens to write in each round; as many as round 0 trains on when empty. Fewer tokens are
 *     trained on more than once
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

  /** Returns writing without prompts, at temperature 1 from all tokens. */
  public static Writing unconditional() {
    return fromPrefixes(0);
  }

  /**
   * Returns writing that continues natural documents, at temperature 1 from all tokens.
   *
   * @param promptTokens first tokens of a natural document that are the prompt, 0 or more
   */
  public static Writing fromPrefixes(int promptTokens) {
    return new Writing(promptTokens, 1, 1, OptionalInt.empty(), Optional.empty());
  }

  /** Sets the temperature, above 0; 1 by default. */
  public Writing temperature(double newTemperature) {
    return new Writing(promptTokens, newTemperature, topP, maxTokens, tokens);
  }

  /** Sets the probability of the tokens to sample from, above 0 and at most 1; 1 by default. */
  public Writing topP(double newTopP) {
    return new Writing(promptTokens, temperature, newTopP, maxTokens, tokens);
  }

  /** Sets the most tokens of a document, at least 1; by default the context limits it. */
  public Writing maxTokens(int most) {
    return new Writing(promptTokens, temperature, topP, OptionalInt.of(most), tokens);
  }

  /**
   * Sets how much each round writes; by default as much as round 0 trains on.
   *
   * @param number of tokens, such as {@code "200k"}
   * @throws IllegalArgumentException if it is not a positive number with an optional k, M, B or T
   */
  public Writing tokens(String number) {
    return new Writing(
        promptTokens, temperature, topP, maxTokens, Optional.of(Tokens.tokens(number)));
  }

  /** Returns the settings in words. They are part of a store's description: keep them. */
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
