package dev.mixlaw.mix.generate.spi;

/** Keeps, mends or refuses drafts, each by itself. Safe for several threads. */
public interface DraftFilter {
  /** As data cards count it: {@code length-ratio}. */
  String name();

  /** In words, with its settings, for the data card. */
  String description();

  /**
   * Decides on a draft.
   *
   * @param scribe for filters that ask a generator
   */
  Verdict judge(Draft draft, DraftSession scribe);
}
