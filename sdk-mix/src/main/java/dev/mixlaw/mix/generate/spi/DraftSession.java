package dev.mixlaw.mix.generate.spi;

import dev.mixlaw.api.spi.TextGenerator;

/**
 * Sends requests for one draft to a generator and records them. Answers are stored. If the same
 * request is repeated at the same place, even after a restart, the session returns the stored
 * answer at no cost.
 */
public interface DraftSession {
  /**
   * Sends a prompt and returns the generator's answer.
   *
   * @param expected a text of about the length of an answer; it is used as the answer when a
   *     generation is only planned
   * @throws dev.mixlaw.api.spi.GeneratorException if there is no answer; callers must not catch it
   */
  String ask(String prompt, String expected);

  /** Returns a session that sends its requests to another generator, such as a judge. */
  DraftSession with(TextGenerator other);

  /** Returns the seed of the generation, for all random choices. */
  long seed();

  /** Returns the number of tokens in the text, counted with the generation's tokenizer. */
  int countTokens(String text);
}
