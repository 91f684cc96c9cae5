package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.TextGenerator;
import java.util.OptionalLong;

/** Where requests are answered. Safe for use by several threads. */
interface RequestHandler {
  /**
   * The answer to a request.
   *
   * @param likely stands for the answer when it is only planned
   */
  Answer ask(
      TextGenerator generator, String prompt, TextGenerator.Settings settings, String likely);

  /**
   * An answer and what it took.
   *
   * @param estimated whether tokens were counted here, since the generator does not
   * @param seed that it was asked with, where that is not the request's own
   */
  record Answer(
      String text,
      boolean cutOff,
      long promptTokens,
      long writtenTokens,
      boolean estimated,
      double cost,
      OptionalLong seed) {}
}
