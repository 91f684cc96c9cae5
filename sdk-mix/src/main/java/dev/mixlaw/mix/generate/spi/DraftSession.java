package dev.mixlaw.mix.generate.spi;

import dev.mixlaw.api.spi.TextGenerator;

/**
 * Asks a generator and keeps account. An answer got once is remembered: asking the same at the same
 * place again, also after a restart, gives the same answer and costs nothing.
 */
public interface DraftSession {
  /**
   * The generator's answer.
   *
   * @param likely what an answer may look like, about as long as one: stands for it when a
   *     generation is only planned
   * @throws dev.mixlaw.api.spi.GeneratorException if there is none; leave it to the caller
   */
  String ask(String prompt, String likely);

  /** The same for another generator, as a judge may be. */
  DraftSession with(TextGenerator other);
}
