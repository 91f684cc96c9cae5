package dev.mixlaw.train.storage;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.internal.io.DurableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * File operations of a lab that are safe if the process is killed. This class works on a directory,
 * which several processes may share.
 *
 * <p>A subclass may keep the lab in another kind of store. It then needs a local directory for
 * files that are mapped into memory or written in pieces. A file or directory is copied to the
 * store when it gets its final name, and {@link #fetch} copies it from the store.
 */
public class Disk {

  /** Reads a file. Returns empty if it does not exist. */
  public Optional<byte[]> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException | NotDirectoryException none) {
      return Optional.empty();
    }
  }

  /** Returns the names in a directory in any order, or an empty list if it does not exist. */
  public List<String> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(e -> e.getFileName().toString()).toList();
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
  }

  /**
   * Makes a file, or the files in a directory, available at their paths if other processes have
   * written them. Does nothing here, because all processes share the directory.
   */
  public void fetch(Path path) throws IOException {}

  /**
   * Makes a file or directory that this process has written available to other processes, unless it
   * is already. Does nothing here.
   */
  public void share(Path path) throws IOException {}

  /**
   * Waits at most a second until other processes can list a new file. Otherwise, a worker that does
   * not see the file of the study yet would end at once. Does nothing here.
   */
  public void awaitListed(Path file) throws IOException {}

  /** Atomically replaces a file, which other processes may replace at the same time. */
  public void replace(Path file, byte[] bytes) throws IOException {
    DurableFile.replace(file, channel -> DurableFile.writeFully(channel, bytes));
  }

  /** Atomically writes a file unless it exists. Returns whether this call wrote the file. */
  public boolean create(Path file, byte[] bytes) throws IOException {
    return DurableFile.create(file, channel -> DurableFile.writeFully(channel, bytes));
  }

  /**
   * Creates a file unless it exists. Returns whether this call created the file. Unlike {@link
   * #create}, this method leaves no temporary file if the process is killed. However, other
   * processes may see the file before its content is complete, and the content is not forced to
   * disk.
   */
  public boolean reserve(Path file, byte[] bytes) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /**
   * Overwrites a file in place without forcing it to disk. A reader may see incomplete content.
   * Returns false if the file does not exist.
   */
  public boolean overwrite(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      DurableFile.writeFully(channel, bytes);
      channel.truncate(bytes.length);
      return true;
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  /** Writes a file and forces it to disk. */
  public void write(Path file, byte[] bytes) throws IOException {
    DurableFile.writeInPlace(file, bytes);
  }

  /** Forces a file, or the entries of a directory, to disk. */
  public void sync(Path path) throws IOException {
    DurableFile.force(path);
  }

  /** Atomically renames a file or directory, replacing an existing file, and forces it to disk. */
  public void move(Path from, Path to) throws IOException {
    DurableFile.rename(from, to);
    Path parent = to.toAbsolutePath().getParent();
    if (parent != null) {
      sync(parent);
    }
  }

  /** Deletes a file or a directory with all its content, if it exists. */
  public void delete(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Returns the free space in bytes on the disk that contains a path. */
  public long usable(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    return store.getUsableSpace();
  }

  /**
   * Deletes the remains of a failed write.
   *
   * @param because the failure of the write, to which a failure of the deletion is added as a
   *     suppressed exception
   */
  public void dropQuietly(Path path, Throwable because) {
    try {
      delete(path);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  /**
   * Returns the exception that reports a failed file operation to the user.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted, which also
   *     makes file operations fail
   */
  public static MixlawException fault(String what, Path where, IOException e) {
    Interrupts.check();
    String reason = String.valueOf(e.getMessage());
    boolean full =
        reason.contains("No space left on device")
            || reason.contains("not enough space")
            || reason.toLowerCase(Locale.ROOT).contains("quota exceeded");
    Problem problem =
        full
            ? new Problem(
                what,
                "the disk of " + where + " is full (" + reason + ")",
                "free space (everything done so far is kept)",
                "free disk space, or use a directory elsewhere in Lab.open; then run again")
            : new Problem(
                what,
                e.getClass().getSimpleName() + ": " + reason,
                "a directory that can be read and written",
                "check the directory in Lab.open (" + where + ")");
    return new MixlawException(MixlawException.Kind.STORAGE, problem, e);
  }
}
