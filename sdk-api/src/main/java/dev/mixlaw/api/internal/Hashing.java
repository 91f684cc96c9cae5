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
   * Increment of SplitMix64's Weyl sequence: 2^64 divided by the golden ratio, rounded to an odd
   * number.
   */
  public static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private static final int BUFFER_BYTES = 1 << 16;

  private Hashing() {}

  /**
   * Returns a bijective hash of a number in which every bit depends on every bit of the input: the
   * finalizer of SplitMix64 (Steele, Lea and Flood 2014). It maps 0 to 0.
   */
  public static long mix64(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns a new SHA-256 digest. */
  public static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the SHA-256 of the bytes as 64 hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    return hex(newSha256().digest(bytes));
  }

  /** Returns the SHA-256 of the UTF-8 bytes of the text as 64 hexadecimal digits. */
  public static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns the SHA-256 of a file's bytes as 64 hexadecimal digits. The file is read in parts.
   *
   * @throws IOException if the file cannot be read
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

  /** Returns two lower-case hexadecimal digits per byte. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
