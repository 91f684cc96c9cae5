package dev.mixlaw.mix.generate.spi;

/**
 * A filter that accepts, changes or rejects each draft independently of other drafts.
 * Implementations must be thread-safe.
 */
public interface DraftFilter {
  /**
   * Returns the name under which data cards count rejected drafts, such as {@code length-ratio}.
   */
  String name();

  /** Returns a description of this filter and all its settings, for the data card. */
  String description();

  /**
   * Decides whether a draft is accepted, changed or rejected.
   *
   * @param session session through which the filter may send requests to a generator
   * @return the draft, as it is or changed by {@link Draft#withText}, {@link Draft#scored} or
   *     {@link Draft#rejected}
   */
  Draft judge(Draft draft, DraftSession session);
}
