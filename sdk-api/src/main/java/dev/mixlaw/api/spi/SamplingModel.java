package dev.mixlaw.api.spi;

import java.util.List;

/** A model that can also write. Not for use by several threads at once. */
public interface SamplingModel extends LanguageModel {
  /**
   * Goes on from prompts, all at once.
   *
   * @param prompts token ids, at least one each; with what is written no longer than {@link
   *     #context()}
   * @return what was written, in the prompts' order, without the prompts and the end of text; the
   *     same prompt at the same place, settings and threads give the same ids
   */
  List<int[]> sample(List<int[]> prompts, Sampling settings);

  /**
   * How to write.
   *
   * @param maxTokens most tokens to write for a prompt
   * @param temperature 1 samples as learned, 0 takes the likeliest
   * @param topP samples from the likeliest tokens of together this probability (Holtzman et al.
   *     2020); 1 from all
   * @param endOfText the id that ends a text; -1 lets none end before {@code maxTokens}
   */
  record Sampling(int maxTokens, double temperature, double topP, long seed, int endOfText) {}
}
