package dev.mixlaw.api.spi;

import java.nio.file.Path;

/** Opens run stores. */
public interface RunStoreFactory {
  /**
   * Opens a study's directory, for one process at a time.
   *
   * @throws dev.mixlaw.api.MixlawException if it is another study's, in use, damaged or not
   *     writable
   */
  RunStore open(Path directory, String studyDescription);
}
