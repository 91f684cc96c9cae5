package dev.mixlaw.mix.analysis;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Memory limits of counting.
 *
 * @param typesInMemory maximum number of different terms in memory, at most 48 bytes each; at least
 *     1. Terms beyond it are written to files of 16 bytes per term and merged, and counts stay
 *     exact
 * @param directory directory of those files; created when it is needed. {@link TermCounts#close}
 *     deletes the files
 */
public record CountSettings(int typesInMemory, Path directory) {
  /** Default number of terms in memory: 2 million, less than 100 MB. */
  public static final int DEFAULT_TYPES = 2_000_000;

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if {@code typesInMemory} is less than 1
   */
  public CountSettings {
    Objects.requireNonNull(directory, "directory");
    if (typesInMemory < 1) {
      throw new IllegalArgumentException(
          "typesInMemory: " + typesInMemory + "; expected 1 or more");
    }
  }

  /** Returns the default: two million terms in memory, and files in {@code java.io.tmpdir}. */
  public static CountSettings defaults() {
    return new CountSettings(DEFAULT_TYPES, Path.of(System.getProperty("java.io.tmpdir")));
  }
}
