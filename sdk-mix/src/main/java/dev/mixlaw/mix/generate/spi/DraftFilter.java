package dev.mixlaw.mix.generate.spi;

/**
 * Keeps, changes or refuses each draft independently of the others. Safe for use by several
 * threads.
 */
public interface DraftFilter {
  /** Returns the name under which data cards count refusals, such as {@code length-ratio}. */
  String name();

  /** Returns a description with all settings, for the data card. */
  String description();

  /**
   * Decides on a draft.
   *
   * @param session session for the requests of filters that use a generator
   */
  Verdict judge(Draft draft, DraftSession session);
}
