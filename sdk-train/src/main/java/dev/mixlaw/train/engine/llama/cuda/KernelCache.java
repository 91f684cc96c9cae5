package dev.mixlaw.train.engine.llama.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Compiled kernels on disk, by what they were compiled from, each followed by its digest. */
record KernelCache(Path directory) {
  /** System property: where compiled kernels are kept. */
  static final String DIRECTORY = "mixlaw.cuda.cache";

  private static final int DIGEST_BYTES = 32;

  /** Where the property says, else where the user keeps such things, else with temporary files. */
  static KernelCache standard() {
    String set = System.getProperty(DIRECTORY);
    if (set != null) {
      return new KernelCache(Path.of(set));
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
    return new KernelCache(parent.resolve("mixlaw").resolve("kernels"));
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
      Optional<byte[]> kept = read(file);
      if (kept.isPresent()) {
        return kept.get();
      }
      byte[] code = compile.get();
      write(file, code);
      return code;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "compiled kernels cannot be kept in " + directory + " (-D" + DIRECTORY + "=…)", e);
    }
  }

  /** Code as it was kept; empty if it was not, or the file is damaged. */
  private static Optional<byte[]> read(Path file) throws IOException {
    byte[] all;
    try {
      all = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    int length = all.length - DIGEST_BYTES;
    if (length < 0) {
      return Optional.empty();
    }
    byte[] code = Arrays.copyOf(all, length);
    boolean whole =
        MessageDigest.isEqual(digest(code), Arrays.copyOfRange(all, length, all.length));
    return whole ? Optional.of(code) : Optional.empty();
  }

  /** Beside, and renamed as a whole: others may read, or write the same, at the same time. */
  private void write(Path file, byte[] code) throws IOException {
    Files.createDirectories(directory);
    Path temporary = Files.createTempFile(directory, String.valueOf(file.getFileName()), ".tmp");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        for (byte[] part : List.of(code, digest(code))) {
          ByteBuffer left = ByteBuffer.wrap(part);
          while (left.hasRemaining()) {
            channel.write(left);
          }
        }
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static String hash(String text) {
    return HexFormat.of().formatHex(digest(text.getBytes(StandardCharsets.UTF_8)), 0, 16);
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
