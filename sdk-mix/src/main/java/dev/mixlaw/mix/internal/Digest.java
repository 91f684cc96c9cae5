package dev.mixlaw.mix.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over a sequence of values, each with its length, so that no two sequences collide. */
public final class Digest {
  private final MessageDigest sha;
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

  public Digest() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  public Digest add(long value) {
    sha.update(number.clear().putLong(value).flip());
    return this;
  }

  public Digest add(byte[] value) {
    add(value.length);
    sha.update(value);
    return this;
  }

  public Digest add(String value) {
    return add(value.getBytes(StandardCharsets.UTF_8));
  }

  /** 64 hexadecimal digits; the digest is empty again afterwards. */
  public String hex() {
    return HexFormat.of().formatHex(sha.digest());
  }
}
