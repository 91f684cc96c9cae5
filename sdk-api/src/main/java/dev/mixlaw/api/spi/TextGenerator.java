package dev.mixlaw.api.spi;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** Writes text. */
public interface TextGenerator {
  /** Returns the name by which corpora refer to this generator. */
  String name();

  /**
   * Writes text for a prompt. Each generator defines its prompts: a text to rephrase, keywords, or
   * the beginning of a text.
   *
   * @param prompt the prompt, in the form that this generator expects
   * @param settings settings for writing
   * @throws GeneratorException if the generator fails
   */
  String generate(String prompt, Settings settings);

  /**
   * Writes text for a prompt and returns it with its token counts. By default, the counts are
   * unknown.
   *
   * @param prompt the prompt, in the form that this generator expects
   * @param settings settings for writing
   * @throws GeneratorException if the generator fails
   */
  default Written write(String prompt, Settings settings) {
    return Written.of(generate(prompt, settings));
  }

  /**
   * Returns everything else that affects the text, apart from name, prompt and {@link Settings},
   * such as the name of a model or a system prompt. A cache of answers includes these parameters in
   * its keys. They must not contain secrets.
   */
  default Map<String, String> parameters() {
    return Map.of();
  }

  /**
   * Settings for writing.
   *
   * @param maxTokens largest number of tokens to write, as counted by the generator
   * @param temperature sampling temperature, 0 or more: 1 samples from the generator's
   *     distribution, near 0 takes the most likely token
   * @param seed seed for sampling; if the generator supports it, the same seed and prompt give the
   *     same text
   */
  record Settings(int maxTokens, double temperature, long seed) {}

  /**
   * Generated text with its token counts.
   *
   * @param text the written text
   * @param cutOff whether the text ends because {@link Settings#maxTokens} were written
   * @param promptTokens number of tokens read, as counted by the generator; empty if the generator
   *     does not count them
   * @param writtenTokens number of tokens written, as counted by the generator; empty if the
   *     generator does not count them
   */
  record Written(
      String text, boolean cutOff, OptionalLong promptTokens, OptionalLong writtenTokens) {
    /** Checks that nothing is null. */
    public Written {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(promptTokens, "promptTokens");
      Objects.requireNonNull(writtenTokens, "writtenTokens");
    }

    /** Returns a complete text without token counts. */
    public static Written of(String text) {
      return new Written(text, false, OptionalLong.empty(), OptionalLong.empty());
    }
  }
}
