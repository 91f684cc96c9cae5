package dev.mixlaw.mix.generate.spi;

import dev.mixlaw.api.spi.TextGenerator;

/**
 * Sends requests for one draft to a generator and records them. Answers are stored, so a draft that
 * is written again after a restart causes no new requests.
 */
public interface DraftSession {
  /**
   * Sends a prompt and returns the generator's answer.
   *
   * @param expected a text of about the length of an answer, which is returned when a generation is
   *     only planned
   * @throws dev.mixlaw.api.spi.GeneratorException if there is no answer; callers must not catch
   *     this exception
   */
  String ask(String prompt, String expected);

  /** Returns a session that sends its requests to another generator, such as a judge. */
  DraftSession with(TextGenerator other);

  /** Returns the seed of the generation, from which all random choices must be derived. */
  long seed();

  /**
   * Returns an estimate of the number of tokens in a text, which is a quarter of its UTF-8 bytes.
   */
  int countTokens(String text);
}
