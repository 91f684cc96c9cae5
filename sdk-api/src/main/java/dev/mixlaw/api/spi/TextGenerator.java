package dev.mixlaw.api.spi;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** Writes text. */
public interface TextGenerator {
  /** As a corpus's generator is named. */
  String name();

  /**
   * Writes text for a prompt; what a prompt is (a text to rephrase, keywords, the beginning of a
   * text) is for each generator to say.
   *
   * @throws GeneratorException if a generator that can fail does
   */
  String generate(String prompt, Settings settings);

  /**
   * {@link #generate} with what it took, for generators that know.
   *
   * @throws GeneratorException if a generator that can fail does
   */
  default Written write(String prompt, Settings settings) {
    return Written.of(generate(prompt, settings));
  }

  /**
   * What shapes its text besides name, prompt and settings, such as a model's name or a system
   * prompt: by it answers are remembered and told apart. Never holds a secret.
   */
  default Map<String, String> parameters() {
    return Map.of();
  }

  /**
   * How to write.
   *
   * @param maxTokens most tokens (of the generator's own kind) to write
   * @param temperature 1 samples as learned, near 0 takes the likeliest
   * @param seed the same seed and prompt give the same text, where the generator can
   */
  record Settings(int maxTokens, double temperature, long seed) {}

  /**
   * A text and what it took.
   *
   * @param cutOff whether it ends because {@link Settings#maxTokens} were written
   * @param promptTokens read, as the generator counts; empty if it does not say
   * @param writtenTokens written, as the generator counts; empty if it does not say
   */
  record Written(
      String text, boolean cutOff, OptionalLong promptTokens, OptionalLong writtenTokens) {
    public Written {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(promptTokens, "promptTokens");
      Objects.requireNonNull(writtenTokens, "writtenTokens");
    }

    /** A whole text of a generator that counts nothing. */
    public static Written of(String text) {
      return new Written(text, false, OptionalLong.empty(), OptionalLong.empty());
    }
  }
}
