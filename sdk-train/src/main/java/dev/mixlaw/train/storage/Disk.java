package dev.mixlaw.train.storage;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.io.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** File operations that survive a kill. A class of its own so that tests can make each one fail. */
public class Disk {

  /** Replaces a file as a whole: after a kill it is the old one or the new one. */
  public void replace(Path file, byte[] bytes) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      write(temporary, bytes);
      move(temporary, file);
    } catch (IOException e) {
      dropQuietly(temporary, e);
      throw e;
    }
  }

  /** Writes a file and forces it out. */
  public void write(Path file, byte[] bytes) throws IOException {
    DurableFile.writeInPlace(file, bytes);
  }

  /** Forces a file, or a directory's entries, out. */
  public void sync(Path path) throws IOException {
    DurableFile.force(path);
  }

  /** Renames atomically, replacing a file that is there, and forces the new name out. */
  public void move(Path from, Path to) throws IOException {
    DurableFile.rename(from, to);
    Path parent = to.toAbsolutePath().getParent();
    if (parent != null) {
      sync(parent);
    }
  }

  /** Deletes a file or a directory with all it holds, if it is there. */
  public void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
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

  /** Bytes this program may still write where {@code path} is. */
  public long usable(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    return store.getUsableSpace();
  }

  /** Deletes what a failed write left, so that a full disk gets its space back. */
  public void dropQuietly(Path path, Throwable because) {
    try {
      delete(path);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  /** The error a user sees for a failed file operation. */
  public static MixlawException fault(String what, Path where, IOException e) {
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
                "free space; everything done so far is kept",
                "freeing space, or Lab.open with a directory elsewhere; then run again")
            : new Problem(
                what,
                e.getClass().getSimpleName() + ": " + reason,
                "a directory that can be read and written",
                "Lab.open (" + where + ")");
    return new MixlawException(MixlawException.Kind.STORAGE, problem, e);
  }

  /** The file error behind a failure, if there is one. */
  public static @Nullable IOException ioCause(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
        return unchecked.getCause();
      }
      if (t instanceof IOException io) {
        return io;
      }
    }
    return null;
  }
}
