package dev.mixlaw.api.internal.spi;

import java.nio.file.Path;

/** Opens the store of a lab. */
public interface LabStoreFactory {
  /**
   * Opens a store. Nothing is written before the first write.
   *
   * @param directory directory of the lab; it may not exist yet
   * @throws dev.mixlaw.api.MixlawException if the directory holds runs in an unknown layout
   */
  LabStore open(Path directory);
}
