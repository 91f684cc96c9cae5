package dev.mixlaw.api.results;

/** The way in which the text of a corpus was written. */
public enum CorpusKind {
  /** Text that people wrote. */
  NATURAL,
  /** Natural text that a language model or another generator rephrased. */
  REPHRASED,
  /** Text in the style of a textbook that a generator wrote from keywords or topics. */
  TEXTBOOK,
  /** Other text that a generator wrote. */
  OTHER;

  /** Returns whether a generator wrote the text. */
  public boolean synthetic() {
    return this != NATURAL;
  }
}
