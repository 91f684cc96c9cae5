package dev.mixlaw.api.spi;

/** Writes text. */
public interface TextGenerator {
  /** As a corpus's generator is named. */
  String name();

  /**
   * Writes text for a prompt; what a prompt is (a text to rephrase, keywords, the beginning of a
   * text) is for each generator to say.
   */
  String generate(String prompt, Settings settings);

  /**
   * How to write.
   *
   * @param maxTokens most tokens (of the generator's own kind) to write
   * @param temperature 1 samples as learned, near 0 takes the likeliest
   * @param seed the same seed and prompt give the same text, where the generator can
   */
  record Settings(int maxTokens, double temperature, long seed) {}
}
