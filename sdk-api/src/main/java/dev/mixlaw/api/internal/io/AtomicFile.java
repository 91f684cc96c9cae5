package dev.mixlaw.api.internal.io;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Reasons;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes files so that after a kill, or a power failure, at any moment there is the old file or the
 * new one: for implementations that keep something.
 */
public final class AtomicFile {
  private static final String SUFFIX = ".tmp";

  private AtomicFile() {}

  /** Fills a file that is open for reading and writing and empty. */
  @FunctionalInterface
  public interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /** Writes bytes: see {@link #write(Path, Content)}. */
  public static void write(Path target, byte[] bytes) {
    write(target, channel -> writeFully(channel, bytes));
  }

  /**
   * Writes to a temporary file beside the target, forces it to the disk and renames it. The
   * directory is made if it is missing; what killed writers of the same file left is removed.
   *
   * @throws MixlawException of kind STORAGE if that fails, say because the disk is full; what the
   *     content throws beside {@link IOException} comes as it is
   */
  public static void write(Path target, Content content) {
    Path file = target.toAbsolutePath();
    Path directory = file.getParent();
    if (directory == null || Files.isDirectory(file)) {
      throw failure(target, "it is a directory", null);
    }
    try {
      Files.createDirectories(directory);
      removeAbandoned(directory, file.getFileName() + ".");
      // Not Files.createTempFile: its files are for their owner alone.
      Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + SUFFIX);
      try {
        try (FileChannel channel =
            FileChannel.open(
                temporary,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
          channel.lock(); // tells others that its writer lives; ends with the channel
          content.writeTo(channel);
          channel.force(true);
        }
        rename(temporary, file);
      } finally {
        Files.deleteIfExists(temporary);
      }
      force(directory);
    } catch (IOException e) {
      throw failure(target, Reasons.of(e), e);
    }
  }

  private static MixlawException failure(Path target, String reason, @Nullable IOException cause) {
    return new MixlawException(
        MixlawException.Kind.STORAGE,
        new Problem(
            "file " + target,
            "cannot be written: " + reason,
            "a file in a writable directory with free space",
            "the path that was given, or the lab's directory"),
        cause);
  }

  /** Writes all bytes, which a channel may take in parts. */
  public static void writeFully(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Renames a file or directory, replacing a file that is there. */
  public static void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      // Same directory: only odd file systems end here, and a plain move is all they have.
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Forces a file, or a directory's entries, to the disk; where directories cannot be opened
   * (Windows) renames are durable by other means.
   */
  public static void force(Path path) throws IOException {
    boolean directory = Files.isDirectory(path);
    if (!directory || path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel =
          FileChannel.open(path, directory ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
        channel.force(true);
      }
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
}
