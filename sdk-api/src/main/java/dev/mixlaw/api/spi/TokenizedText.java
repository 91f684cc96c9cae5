package dev.mixlaw.api.spi;

import dev.mixlaw.api.results.TextFacts;

/** A corpus or domain as tokens. Safe for use by several threads. */
public interface TokenizedText {
  TextFacts facts();

  int documents();

  /** Token ids of a document, its end-of-text token last. */
  int[] tokens(int document);

  /** UTF-8 bytes of a document's text. */
  int bytes(int document);
}
