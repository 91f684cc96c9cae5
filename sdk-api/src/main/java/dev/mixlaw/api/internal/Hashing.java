package dev.mixlaw.api.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hash functions whose results are the same on every machine and in every version of Java. */
public final class Hashing {
  /**
   * The increment of SplitMix64, which is 2^64 divided by the golden ratio, rounded to an odd
   * number.
   */
  public static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private static final int BUFFER_BYTES = 1 << 16;

  private Hashing() {}

  /**
   * Returns a bijective hash of a number, computed with the finalizer of SplitMix64 (Steele, Lea
   * and Flood 2014). Every bit of the hash depends on every bit of the number. The hash of 0 is 0.
   */
  public static long mix64(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  public static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the SHA-256 hash of the bytes, as 64 hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    return hex(newSha256().digest(bytes));
  }

  /** Returns the SHA-256 hash of the text in UTF-8, as 64 hexadecimal digits. */
  public static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns the SHA-256 hash of a file, as 64 hexadecimal digits. Does not load the whole file into
   * memory.
   */
  public static String sha256(Path file) throws IOException {
    MessageDigest digest = newSha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return hex(digest.digest());
  }

  /** Returns the bytes as lower-case hexadecimal digits, two per byte. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
