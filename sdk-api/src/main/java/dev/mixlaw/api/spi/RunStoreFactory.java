package dev.mixlaw.api.spi;

import java.nio.file.Path;

/** Opens run stores. */
public interface RunStoreFactory {
  /**
   * Opens the store of a study. One process can open it at a time.
   *
   * @param directory of the study; created if it is missing
   * @param studyDescription text that a later start must give again
   * @throws dev.mixlaw.api.MixlawException if it holds another study, is in use, damaged or not
   *     writable
   */
  RunStore open(Path directory, String studyDescription);
}
