package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.internal.io.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/** A cache of compiled kernels on disk, with a hash of the source as the key. */
record KernelCache(Path directory) {
  /** System property that names the directory for compiled kernels. */
  static final String DIRECTORY = "mixlaw.cuda.cache";

  private static final int DIGEST_BYTES = 32;

  /**
   * Returns the cache in the directory that the system property {@value #DIRECTORY} names. If the
   * property is not set, this is the user's cache directory or, if there is none, the directory for
   * temporary files.
   */
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
   * Returns code from the cache, or compiles and stores the code if the cache does not contain it.
   *
   * @param compiler the name and the version of the compiler
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
          "compiled kernels cannot be cached in " + directory + " (-D" + DIRECTORY + "=…)", e);
    }
  }

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

  /** Writes code with its digest. Other processes may read or write the same file concurrently. */
  private static void write(Path file, byte[] code) throws IOException {
    DurableFile.replace(
        file,
        channel -> {
          DurableFile.writeFully(channel, code);
          DurableFile.writeFully(channel, digest(code));
        });
  }

  private static String hash(String text) {
    return Hashing.sha256(text).substring(0, 32);
  }

  private static byte[] digest(byte[] bytes) {
    return Hashing.newSha256().digest(bytes);
  }
}
