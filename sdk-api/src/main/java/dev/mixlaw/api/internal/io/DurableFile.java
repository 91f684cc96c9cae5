package dev.mixlaw.api.internal.io;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.internal.Reasons;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes files atomically and durably. If the process is killed or the power fails, either the old
 * or the new file exists, but never a partial file.
 *
 * <p>The content is written to a temporary file in the same directory. The temporary file is forced
 * to the disk and then renamed. The writer holds a lock on the temporary file until it is renamed.
 * A temporary file without a lock was left by a process that was killed. It is deleted when the
 * same target is written again, and {@link #abandoned} finds it. This class is safe for use by
 * multiple threads and processes.
 */
public final class DurableFile {
  private static final String SUFFIX = ".tmp";

  private static final Pattern TEMPORARY = Pattern.compile("\\.[0-9a-f-]{36}\\.tmp$");

  /**
   * Position of the only locked byte, which is beyond the content of any file. On Windows, other
   * processes cannot read locked bytes.
   */
  private static final long LOCKED = Long.MAX_VALUE - 1;

  /** Largest number of attempts to rename a file on Windows. */
  private static final int ATTEMPTS = 20;

  /** Time between two attempts to rename a file, in nanoseconds. */
  private static final long PAUSE_NANOS = 50_000_000;

  /**
   * Temporary files that this JVM is writing. The files must not be opened a second time, because
   * under POSIX closing any channel of a file releases all locks of the process on this file.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  /**
   * A map from each directory to the temporary files of other processes that it contained before
   * this JVM first wrote to it, except those that were deleted since.
   */
  private static final Map<Path, Set<Path>> FOUND = new ConcurrentHashMap<>();

  private DurableFile() {}

  @FunctionalInterface
  public interface Content {
    /** Writes the content to an empty channel that is open for reading and writing. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Replaces a file with the given bytes.
   *
   * @throws MixlawException for the same reasons as {@link #write(Path, Content)}
   */
  public static void write(Path target, byte[] bytes) {
    write(target, channel -> writeFully(channel, bytes));
  }

  /**
   * Replaces a file like {@link #replace}, but throws an exception that is suitable for users.
   *
   * @throws MixlawException of kind STORAGE if an {@link IOException} occurs, for example because
   *     the disk is full
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static void write(Path target, Content content) {
    Path parent = target.toAbsolutePath().getParent();
    if (parent == null || Files.isDirectory(target)) {
      throw failure(target, "it is a directory", null);
    }
    try {
      replace(target, content);
    } catch (IOException e) {
      Interrupts.check(); // An interrupt closes channels. This is not an error of the disk.
      throw failure(target, Reasons.of(e), e);
    }
  }

  /**
   * Atomically replaces a file, or creates the file and its directory.
   *
   * @throws IOException if the file cannot be written; the old file is then unchanged, and the
   *     temporary file is deleted
   */
  public static void replace(Path target, Content content) throws IOException {
    write(target, content, DurableFile::rename);
  }

  /**
   * Atomically creates a file, and its directory, unless the file exists. If several callers do so
   * at the same time, exactly one succeeds.
   *
   * @return whether this call created the file
   * @throws IOException if the file cannot be created
   */
  public static boolean create(Path target, Content content) throws IOException {
    try {
      write(target, content, (temporary, file) -> Files.createLink(file, temporary));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @FunctionalInterface
  interface Naming {
    void apply(Path temporary, Path file) throws IOException;
  }

  private static void write(Path target, Content content, Naming naming) throws IOException {
    Path file = target.toAbsolutePath();
    Path directory = parent(file);
    Files.createDirectories(directory);
    deleteAbandoned(directory, file.getFileName() + ".");
    while (!tryWrite(file, content, naming)) {
      // Another process deleted the temporary file between its creation and its lock.
    }
    force(directory);
  }

  private static boolean tryWrite(Path file, Content content, Naming naming) throws IOException {
    // Files.createTempFile is unsuitable, because only the owner may read the files it creates.
    Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + SUFFIX);
    OWN.add(temporary);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      channel.lock(LOCKED, 1, false);
      if (!Files.exists(temporary)) {
        return false;
      }
      content.writeTo(channel);
      channel.force(true);
      naming.apply(temporary, file);
      return true;
    } finally {
      Files.deleteIfExists(temporary);
      OWN.remove(temporary);
    }
  }

  /**
   * Writes a file and forces it to the disk. A partial file may remain if the process is killed.
   * This method is only for files in a directory that is renamed after all of its files are
   * written.
   */
  public static void writeInPlace(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(channel, bytes);
      channel.force(true);
    }
  }

  /**
   * Atomically renames a file or directory and forces the new name to the disk. Replaces an
   * existing file of that name.
   */
  public static void move(Path from, Path to) throws IOException {
    rename(from, to);
    force(parent(to.toAbsolutePath()));
  }

  public static void writeFully(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /**
   * Renames a file or directory without forcing the new name to the disk. Replaces an existing file
   * of that name.
   */
  public static void rename(Path from, Path to) throws IOException {
    rename(from, to, isPosix(from) ? 1 : ATTEMPTS, DurableFile::moveOnce);
  }

  /**
   * Renames a file in several attempts. Windows does not replace a file while it is open or mapped
   * into memory. The mapping of a closed file lasts until the garbage collector releases it.
   */
  static void rename(Path from, Path to, int attempts, Naming move) throws IOException {
    for (int left = attempts; ; left--) {
      try {
        move.apply(from, to);
        return;
      } catch (FileSystemException e) {
        if (left == 1 || e instanceof NoSuchFileException) {
          throw e;
        }
        System.gc();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static void moveOnce(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      // Only unusual file systems do not support an atomic move within one directory.
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /**
   * Forces a file, or the entries of a directory, to the disk. Does nothing for directories on
   * Windows, where directories cannot be opened.
   */
  public static void force(Path path) throws IOException {
    boolean directory = Files.isDirectory(path);
    if (!directory || isPosix(path)) {
      try (FileChannel channel =
          FileChannel.open(path, directory ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  /**
   * Deletes temporary files for the same target that killed processes left. The directory is listed
   * only before the first write to it, because this JVM leaves no temporary files.
   */
  private static void deleteAbandoned(Path directory, String prefix) throws IOException {
    Set<Path> found = FOUND.get(directory);
    if (found == null) {
      found = temporaries(directory);
      FOUND.put(directory, found);
    }
    for (Path file : found) {
      if (file.getFileName().toString().startsWith(prefix) && deleteIfAbandoned(file)) {
        found.remove(file);
      }
    }
  }

  private static Set<Path> temporaries(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(f -> f.getFileName().toString().endsWith(SUFFIX) && !OWN.contains(f))
          .collect(Collectors.toCollection(ConcurrentHashMap::newKeySet));
    }
  }

  /**
   * Returns the temporary files in a directory and its subdirectories that killed processes have
   * left, sorted by name.
   */
  public static List<Path> abandoned(Path directory) throws IOException {
    List<Path> found;
    try (Stream<Path> files = Files.walk(directory.toAbsolutePath())) {
      found = files.filter(f -> TEMPORARY.matcher(f.toString()).find()).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    List<Path> abandoned = new ArrayList<>();
    for (Path file : found) {
      if (!OWN.contains(file) && unlessLocked(file, Files::exists)) {
        abandoned.add(file);
      }
    }
    return abandoned;
  }

  /** Deletes a temporary file if it is not locked. Returns whether the file no longer exists. */
  private static boolean deleteIfAbandoned(Path file) throws IOException {
    return unlessLocked(file, Files::deleteIfExists) || !Files.exists(file);
  }

  @FunctionalInterface
  private interface FileOperation {
    boolean apply(Path file) throws IOException;
  }

  /** Returns the result of an operation, or false if a file is locked or does not exist. */
  private static boolean unlessLocked(Path file, FileOperation operation) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      // The lock is kept during the operation, so that the writer of a file notices its deletion.
      return channel.tryLock(LOCKED, 1, false) != null && operation.apply(file);
    } catch (NoSuchFileException | OverlappingFileLockException goneOrInUse) {
      return false;
    }
  }

  private static Path parent(Path absolute) throws IOException {
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException(absolute + " is a root directory");
    }
    return parent;
  }

  private static MixlawException failure(Path target, String reason, @Nullable IOException cause) {
    return MixlawException.storage(
        "file " + target,
        "cannot be written: " + reason,
        "a file in a writable directory with free space",
        "change the given path or the lab's directory, or free disk space",
        cause);
  }
}
