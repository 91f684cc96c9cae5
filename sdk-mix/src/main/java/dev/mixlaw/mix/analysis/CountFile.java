package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.MixlawException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary file of terms in ascending order and their counts, with 16 bytes per term. The file
 * is not forced to disk and has no checksum, because only this process reads it.
 */
record CountFile(Path path, long types) {
  private static final int BUFFER = 1 << 16;

  private interface Operation<R> {
    R run() throws IOException;
  }

  private static <R> R in(Path at, Operation<R> operation) {
    try {
      return operation.run();
    } catch (IOException e) {
      throw MixlawException.storage(
          "word counts in " + at,
          e.toString(),
          "a writable directory with free space",
          "set the system property java.io.tmpdir",
          e);
    }
  }

  /** Writes the counts of a cursor to a new file, and creates the directory if it is missing. */
  static CountFile write(Path directory, CountCursor counts) {
    try (counts) {
      return in(directory, () -> writeAll(directory, counts));
    }
  }

  private static CountFile writeAll(Path directory, CountCursor counts) throws IOException {
    Files.createDirectories(directory);
    CountFile file = new CountFile(Files.createTempFile(directory, "counts", ".tmp"), 0);
    long types = 0;
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file.path), BUFFER))) {
      while (counts.next()) {
        out.writeLong(counts.term());
        out.writeLong(counts.count());
        types++;
      }
    } catch (IOException | RuntimeException e) {
      Closeable deletion = file::delete;
      try (deletion) {
        throw e;
      }
    }
    return new CountFile(file.path, types);
  }

  CountCursor open() {
    return in(
        path,
        () ->
            new Reading(
                new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER))));
  }

  void delete() {
    in(path, () -> Files.deleteIfExists(path));
  }

  private final class Reading extends CountCursor {
    private final DataInputStream in;
    private long left = types;

    Reading(DataInputStream in) {
      this.in = in;
    }

    @Override
    boolean next() {
      return left-- > 0 && in(path, () -> at(in.readLong(), in.readLong()));
    }

    @Override
    public void close() {
      in(
          path,
          () -> {
            in.close();
            return true;
          });
    }
  }
}
