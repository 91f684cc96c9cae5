package dev.mixlaw.api.internal.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of a lab, which several threads, labs and processes can use at the same time. A name is
 * a relative path with slashes, such as {@code runs/ID/run.json}.
 *
 * <p>After the process is killed, a file has either its old or its new content. A method that
 * cannot read or write throws a {@link dev.mixlaw.api.MixlawException} of kind STORAGE.
 */
public interface LabStore extends AutoCloseable {
  /** Returns the content of a file; empty if there is no such file. */
  Optional<byte[]> read(String name);

  /** Writes a file, replacing any existing file of that name. */
  void write(String name, byte[] content);

  /**
   * Writes a file unless a file with this name exists. If several callers do so at once, exactly
   * one succeeds.
   *
   * @return whether this call wrote the file
   */
  boolean create(String name, byte[] content);

  /**
   * Returns the sorted names of the files and folders in a folder; empty if there is no such
   * folder.
   */
  List<String> list(String folder);

  /** Deletes a file or folder, if it exists. */
  void delete(String name);

  /**
   * Returns a directory in the local file system for checkpoints, models and texts. It may not
   * exist yet.
   */
  Path directory(String name);

  /** Closes all resources that the store has opened. */
  @Override
  void close();
}
