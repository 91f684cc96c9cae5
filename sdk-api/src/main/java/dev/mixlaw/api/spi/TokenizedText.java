package dev.mixlaw.api.spi;

import dev.mixlaw.api.results.TextFacts;

/** A tokenized corpus or domain. Implementations are thread-safe. */
public interface TokenizedText {
  /** Returns the size and origin of the text. */
  TextFacts facts();

  /** Returns the number of documents. */
  int documents();

  /** Returns the token ids of a document. The last id is the end-of-text token. */
  int[] tokens(int document);

  /** Returns the size of a document in bytes of UTF-8 text. */
  int bytes(int document);
}
