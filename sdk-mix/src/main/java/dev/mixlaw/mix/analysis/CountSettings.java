package dev.mixlaw.mix.analysis;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How much memory counting may take.
 *
 * @param typesInMemory so many different terms are held, in at most 48 bytes each; what is beyond
 *     is spilled to files of 16 bytes a term and merged. Counts are exact either way
 * @param directory for those files; made when first needed, the files are deleted by {@link
 *     TermCounts#close}
 */
public record CountSettings(int typesInMemory, Path directory) {
  /** 2 million terms, under 100 MB. */
  public static final int DEFAULT_TYPES = 2_000_000;

  public CountSettings {
    Objects.requireNonNull(directory, "directory");
    if (typesInMemory < 1) {
      throw new IllegalArgumentException(
          "typesInMemory: " + typesInMemory + "; expected 1 or more");
    }
  }

  /** Two million terms in memory, the rest in the JVM's directory for temporary files. */
  public static CountSettings defaults() {
    return new CountSettings(DEFAULT_TYPES, Path.of(System.getProperty("java.io.tmpdir")));
  }
}
