package dev.mixlaw.api.spi;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.TextDiversity;

/**
 * Measures the diversity of a text compared with a reference, for example of generated text
 * compared with natural text.
 */
public interface TextMeter {
  /**
   * Measures a sample of documents of both with the same number of words. The order of documents
   * does not matter.
   *
   * @param text to measure; each document is read once
   * @param reference natural text of the same kind; may be the text itself
   * @param words number of words of each sample, at least 1
   * @return a refusal if either has fewer words, or the text has too few documents for intervals
   */
  Answer<TextDiversity> measure(DocumentSource text, DocumentSource reference, long words);
}
