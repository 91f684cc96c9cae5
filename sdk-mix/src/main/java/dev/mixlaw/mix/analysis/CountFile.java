package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of counts in ascending order of terms, 16 bytes each. No later process uses it, so it is
 * neither forced to disk nor checked.
 *
 * @param types number of entries
 */
record CountFile(Path path, long types) {
  private static final int BUFFER = 1 << 16;

  /** Writes the counts of a cursor to a new file; creates the directory if it is missing. */
  static CountFile write(Path directory, CountCursor counts) {
    Path file = null;
    long types = 0;
    try (counts) {
      Files.createDirectories(directory);
      file = Files.createTempFile(directory, "counts", ".tmp");
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER))) {
        while (counts.next()) {
          out.writeLong(counts.term());
          out.writeLong(counts.count());
          types++;
        }
      }
      return new CountFile(file, types);
    } catch (IOException e) {
      MixlawException failure = failure(directory, e);
      try {
        if (file != null) {
          Files.deleteIfExists(file);
        }
      } catch (IOException alsoNot) {
        failure.addSuppressed(alsoNot);
      }
      throw failure;
    }
  }

  CountCursor open() {
    try {
      return new Reading(
          new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER)));
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private static MixlawException failure(Path at, IOException e) {
    return new MixlawException(
        MixlawException.Kind.STORAGE,
        new Problem(
            "word counts in " + at,
            e.toString(),
            "a writable directory with free space",
            "the property java.io.tmpdir"),
        e);
  }

  private final class Reading extends CountCursor {
    private final DataInputStream in;
    private long left = types;

    Reading(DataInputStream in) {
      this.in = in;
    }

    @Override
    public boolean next() {
      if (left == 0) {
        return false;
      }
      left--;
      try {
        return at(in.readLong(), in.readLong());
      } catch (IOException e) {
        throw failure(path, e);
      }
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw failure(path, e);
      }
    }
  }
}
