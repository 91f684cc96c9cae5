package dev.mixlaw.api;

import dev.mixlaw.api.internal.Names;
import java.io.Serializable;
import java.util.Objects;

/**
 * A mistake of a user, described in four parts.
 *
 * @param subject name of the setting, corpus, run or file that is wrong
 * @param actual the value or state that was found
 * @param expected the values or states that are valid
 * @param fix the method, option or action that corrects the mistake
 */
public record Problem(String subject, String actual, String expected, String fix)
    implements Serializable {
  /** Checks that no component is null. */
  public Problem {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(actual, "actual");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(fix, "fix");
  }

  /**
   * Returns the message {@code subject: actual; expected … (fix: …)} with control characters
   * escaped.
   */
  @Override
  public String toString() {
    return Names.printable(
        subject + ": " + actual + "; expected " + expected + " (fix: " + fix + ")");
  }
}
