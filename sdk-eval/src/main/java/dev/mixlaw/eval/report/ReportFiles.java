package dev.mixlaw.eval.report;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files, each of them whole or not at all. */
final class ReportFiles {
  private ReportFiles() {}

  /**
   * Writes a file; its directory is made if it is missing.
   *
   * @throws MixlawException of kind STORAGE if it cannot be written
   */
  static void write(Path file, byte[] content) {
    try {
      Path target = file.toAbsolutePath();
      Files.createDirectories(target.getParent());
      replace(target, content);
    } catch (IOException e) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem(
              "file " + file,
              String.valueOf(e),
              "a directory that can be written to",
              "the path given"),
          e);
    }
  }

  private static void replace(Path file, byte[] content) throws IOException {
    // Not Files.createTempFile: its files are for their owner alone, and a report is to be shared.
    Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
