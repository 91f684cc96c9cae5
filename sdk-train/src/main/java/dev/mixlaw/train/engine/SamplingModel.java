package dev.mixlaw.train.engine;

import dev.mixlaw.api.spi.LanguageModel;
import java.util.List;

/** A model that also writes. */
public interface SamplingModel extends LanguageModel {
  /**
   * Continues texts, several at a time.
   *
   * @param prompts 1 to {@link #context()} tokens each
   * @param endOfText ends a text, and is not part of it
   * @return new tokens of each: as many as asked for, fewer after an end of text or where prompt
   *     and text fill the context
   */
  List<int[]> write(List<int[]> prompts, int endOfText, Sampling how);
}
