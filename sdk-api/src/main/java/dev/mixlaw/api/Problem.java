package dev.mixlaw.api;

import java.util.Objects;

/**
 * One thing that is wrong, said so that it can be mended.
 *
 * @param what is wrong, with the names of corpus, run or domain
 * @param actual what was found
 * @param allowed what would be right
 * @param setting what changes it
 */
public record Problem(String what, String actual, String allowed, String setting) {
  public Problem {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(actual, "actual");
    Objects.requireNonNull(allowed, "allowed");
    Objects.requireNonNull(setting, "setting");
  }

  @Override
  public String toString() {
    return what + ": " + actual + "; allowed: " + allowed + "; change it with " + setting;
  }
}
