package dev.mixlaw.api.rounds;

import dev.mixlaw.api.units.Tokens;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a round's model writes the next round's text. Each seed's model writes for its own chain.
 *
 * @param promptTokens 0: every document is begun after an end of text, unconditionally
 *     (Gerstgrasser et al. 2024); more: it goes on from so many first tokens of a natural document,
 *     drawn at random for each (Shumailov et al. 2024). What was read is not part of the document:
 *     its text is the model's alone
 * @param temperature 1 samples as learned
 * @param topP samples from the likeliest tokens of together this probability; 1 from all
 * @param maxTokens most tokens of a document; as many as the model's context leaves when empty
 * @param tokens to write a round; as many as round 0 trains on when empty. Fewer are trained on
 *     more than once
 */
public record Writing(
    int promptTokens,
    double temperature,
    double topP,
    OptionalInt maxTokens,
    Optional<Tokens> tokens) {

  /** Without prompts, as learned: temperature 1, all tokens. */
  public static Writing unconditional() {
    return new Writing(0, 1, 1, OptionalInt.empty(), Optional.empty());
  }

  /** From the first tokens of natural documents, as learned: temperature 1, all tokens. */
  public static Writing fromPrefixes(int promptTokens) {
    return new Writing(promptTokens, 1, 1, OptionalInt.empty(), Optional.empty());
  }

  public Writing temperature(double newTemperature) {
    return new Writing(promptTokens, newTemperature, topP, maxTokens, tokens);
  }

  public Writing topP(double newTopP) {
    return new Writing(promptTokens, temperature, newTopP, maxTokens, tokens);
  }

  public Writing maxTokens(int most) {
    return new Writing(promptTokens, temperature, topP, OptionalInt.of(most), tokens);
  }

  /** How much a round writes, such as {@code "200k"}. */
  public Writing tokens(String number) {
    return new Writing(
        promptTokens, temperature, topP, maxTokens, Optional.of(Tokens.tokens(number)));
  }

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
