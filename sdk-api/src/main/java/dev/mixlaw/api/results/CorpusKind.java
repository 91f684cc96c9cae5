package dev.mixlaw.api.results;

/** How the text of a corpus came to be. */
public enum CorpusKind {
  /** Written by people. */
  NATURAL,
  /** Natural text said again by a generator. */
  REPHRASED,
  /** Written by a generator from keywords or topics, in the style of a textbook. */
  TEXTBOOK,
  /** Anything else a generator wrote. */
  OTHER;

  /** Whether a generator wrote it. */
  public boolean synthetic() {
    return this != NATURAL;
  }
}
