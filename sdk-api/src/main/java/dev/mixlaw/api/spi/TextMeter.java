package dev.mixlaw.api.spi;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.TextDiversity;

/**
 * Measures how diverse a text is beside a reference, such as a round's text beside natural text.
 */
public interface TextMeter {
  /**
   * Draws documents of both until they have so many words, so that sizes do not matter, and
   * measures. The order of documents changes nothing.
   *
   * @param text each document of which is read once
   * @param reference natural text of the same kind; may be the text itself
   * @param words of each that are looked at
   * @return refused if either has fewer words, or the text too few documents for intervals
   */
  Answer<TextDiversity> measure(DocumentSource text, DocumentSource reference, long words);
}
