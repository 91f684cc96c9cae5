package dev.mixlaw.api.spi;

import dev.mixlaw.api.results.TextFacts;

/** A corpus or domain as tokens. Thread-safe. */
public interface TokenizedText {
  /** Returns size and origin of the text. */
  TextFacts facts();

  /** Returns the number of documents. */
  int documents();

  /** Returns the token ids of a document, with its end-of-text token last. */
  int[] tokens(int document);

  /** Returns the number of UTF-8 bytes of a document. */
  int bytes(int document);
}
