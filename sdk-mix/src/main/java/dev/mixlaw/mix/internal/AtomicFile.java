package dev.mixlaw.mix.internal;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Writes files so that after a kill at any moment there is the old file or the new one. */
public final class AtomicFile {
  private static final String SUFFIX = ".tmp";

  private AtomicFile() {}

  /** Fills a file that is open for reading and writing and empty. */
  @FunctionalInterface
  public interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes to a temporary file beside the target, forces it to the disk and renames it.
   *
   * @throws MixlawException of kind STORAGE if that fails, say because the disk is full
   */
  public static void write(Path target, Content content) {
    Path parent = target.toAbsolutePath().getParent();
    try {
      Files.createDirectories(parent);
      removeAbandoned(parent, target.getFileName() + ".");
      Path temporary = Files.createTempFile(parent, target.getFileName() + ".", SUFFIX);
      try {
        try (FileChannel channel =
            FileChannel.open(temporary, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          channel.lock(); // tells others that its writer lives; ends with the channel
          content.writeTo(channel);
          channel.force(true);
        }
        rename(temporary, target);
      } finally {
        Files.deleteIfExists(temporary);
      }
      forceDirectory(parent);
    } catch (IOException e) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem(
              "file " + target,
              "cannot be written: " + e,
              "a writable directory with free space",
              "the lab's directory"),
          e);
    }
  }

  /** Temporary files of writers that were killed: nobody holds their locks any more. */
  private static void removeAbandoned(Path directory, String prefix) throws IOException {
    List<Path> found;
    try (Stream<Path> files = Files.list(directory)) {
      found =
          files
              .filter(f -> f.getFileName().toString().startsWith(prefix))
              .filter(f -> f.getFileName().toString().endsWith(SUFFIX))
              .toList();
    }
    for (Path file : found) {
      if (isAbandoned(file)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean isAbandoned(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException | NoSuchFileException inUseOrGone) {
      return false;
    }
  }

  private static void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      // Same directory: only odd file systems end here, and a plain move is all they have.
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The rename itself must reach the disk; where directories cannot be opened there is no way. */
  private static void forceDirectory(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
