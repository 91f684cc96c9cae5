package dev.mixlaw.train.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The size and checksum of a file in a checkpoint or model, used to detect damage.
 *
 * @param name path relative to the directory, with slashes
 */
record FileSum(String name, long bytes, long crc32c) {
  /** Returns the files in a directory and its subdirectories, sorted by name. */
  static List<FileSum> of(Path directory) throws IOException {
    List<FileSum> sums = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
        String name = directory.relativize(path).toString().replace('\\', '/');
        sums.add(new FileSum(name, Files.size(path), crc(path)));
      }
    }
    return sums;
  }

  /**
   * Compares the files in a directory with the recorded sizes and checksums.
   *
   * @throws IOException if a file differs; the message names the first such file
   */
  static void verify(Path directory, List<FileSum> files) throws IOException {
    for (FileSum file : files) {
      Path path = directory.resolve(file.name());
      long actual = Files.exists(path) ? Files.size(path) : 0;
      if (actual != file.bytes()) {
        throw new IOException(file.name() + " has " + actual + " bytes; expected " + file.bytes());
      }
      if (crc(path) != file.crc32c()) {
        throw new IOException(file.name() + " does not match its checksum");
      }
    }
  }

  private static long crc(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
      }
    }
    return crc.getValue();
  }
}
