package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.TextGenerator;

/** Answers requests with a generator or with an estimate. Implementations are thread-safe. */
interface RequestHandler {
  /**
   * Answers a request.
   *
   * @param expected a text of about the length of an answer, which estimates use as the answer
   */
  Call ask(
      TextGenerator generator, String prompt, TextGenerator.Settings settings, String expected);
}
