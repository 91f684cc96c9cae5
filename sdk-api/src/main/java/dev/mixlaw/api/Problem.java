package dev.mixlaw.api;

import dev.mixlaw.api.internal.Names;
import java.io.Serializable;
import java.util.Objects;

/**
 * A mistake made by a user, described in the four parts of a helpful message.
 *
 * @param subject the setting, corpus, run or file that is wrong, by name
 * @param actual the value or state that was found
 * @param expected the values or state that would be valid
 * @param fix the method, option or action that corrects it
 */
public record Problem(String subject, String actual, String expected, String fix)
    implements Serializable {
  /** Checks that no part is missing. */
  public Problem {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(actual, "actual");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(fix, "fix");
  }

  /**
   * Returns the message {@code subject: actual; expected … (fix: …)}, in which control characters
   * are escaped.
   */
  @Override
  public String toString() {
    return Names.printable(
        subject + ": " + actual + "; expected " + expected + " (fix: " + fix + ")");
  }
}
