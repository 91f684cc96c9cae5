package dev.mixlaw.train.engine.decoder.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;

/** Compiled kernels on disk, by what they were compiled from. */
record CodeCache(Path directory) {
  /** System property: where compiled kernels are kept. */
  static final String DIRECTORY = "mixlaw.cuda.cache";

  /** Where the property says, else where the user keeps such things, else with temporary files. */
  static CodeCache standard() {
    String set = System.getProperty(DIRECTORY);
    if (set != null) {
      return new CodeCache(Path.of(set));
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path home =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    Path existing = home;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    boolean writable = existing != null && Files.isWritable(existing);
    Path parent = writable ? home : Path.of(System.getProperty("java.io.tmpdir"));
    return new CodeCache(parent.resolve("mixlaw").resolve("kernels"));
  }

  /**
   * What was kept, else what is compiled now.
   *
   * @param compiler and its version
   */
  byte[] get(
      String name, String source, String architecture, String compiler, Supplier<byte[]> compile) {
    Path file =
        directory.resolve(
            name + "-" + architecture + "-" + hash(compiler + "\n" + source) + ".bin");
    try {
      if (Files.exists(file)) {
        return Files.readAllBytes(file);
      }
      byte[] code = compile.get();
      Files.createDirectories(directory);
      Path temporary = Files.createTempFile(directory, name, ".tmp");
      try {
        Files.write(temporary, code);
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
      return code;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "compiled kernels cannot be kept in " + directory + " (-D" + DIRECTORY + "=…)", e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
