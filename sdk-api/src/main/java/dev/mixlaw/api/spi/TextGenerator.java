package dev.mixlaw.api.spi;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** Generates text from prompts. */
public interface TextGenerator {
  /** Returns the name under which corpora refer to this generator. */
  String name();

  /**
   * Generates text from a prompt. The implementation defines the meaning of the prompt, such as a
   * text to rephrase, keywords, or the beginning of a text.
   *
   * @param prompt the prompt, in the form that this generator expects
   * @param settings settings for generating the text
   * @return the text, with token counts if the generator counts tokens
   * @throws GeneratorException if the generator fails
   */
  Written write(String prompt, Settings settings);

  /**
   * Generates text from a prompt, as {@link #write} does, and returns only the text.
   *
   * @param prompt the prompt, in the form that this generator expects
   * @param settings settings for generating the text
   * @throws GeneratorException if the generator fails
   */
  default String generate(String prompt, Settings settings) {
    return write(prompt, settings).text();
  }

  /**
   * Returns all parameters that affect the text except the name, the prompt and the {@link
   * Settings}. Examples are the name of a model and a system prompt. Caches of responses use the
   * parameters in their keys. The parameters must not contain secrets.
   */
  default Map<String, String> parameters() {
    return Map.of();
  }

  /**
   * The settings for generating text.
   *
   * @param maxTokens largest number of tokens to generate, as counted by the generator
   * @param temperature sampling temperature, 0 or more; 1 samples from the distribution of the
   *     generator, values near 0 select the most likely token
   * @param seed seed for sampling; if the generator supports seeds, the same seed and prompt give
   *     the same text
   */
  record Settings(int maxTokens, double temperature, long seed) {}

  /**
   * A generated text with its token counts.
   *
   * @param text the generated text
   * @param cutOff whether the text ends because it reached {@link Settings#maxTokens}
   * @param promptTokens number of tokens in the prompt, as counted by the generator; empty if
   *     unknown
   * @param writtenTokens number of generated tokens, as counted by the generator; empty if unknown
   */
  record Written(
      String text, boolean cutOff, OptionalLong promptTokens, OptionalLong writtenTokens) {
    /** Checks that no component is null. */
    public Written {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(promptTokens, "promptTokens");
      Objects.requireNonNull(writtenTokens, "writtenTokens");
    }

    /** Returns a text that is not cut off and has no token counts. */
    public static Written of(String text) {
      return new Written(text, false, OptionalLong.empty(), OptionalLong.empty());
    }
  }
}
