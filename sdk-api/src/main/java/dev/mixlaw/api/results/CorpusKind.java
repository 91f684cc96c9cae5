package dev.mixlaw.api.results;

/** How the text of a corpus was written. */
public enum CorpusKind {
  /** Written by people. */
  NATURAL,
  /** Natural text that a generator rephrased. */
  REPHRASED,
  /** Written by a generator from keywords or topics, in the style of a textbook. */
  TEXTBOOK,
  /** Any other text that a generator wrote. */
  OTHER;

  /** Returns whether the text was written by a generator. */
  public boolean synthetic() {
    return this != NATURAL;
  }
}
