package dev.mixlaw.mix.internal;

import dev.mixlaw.api.internal.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A SHA-256 digest of values, in which strings and arrays are preceded by their lengths. */
public final class Digest {
  private final MessageDigest sha = Hashing.newSha256();
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

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

  /** Returns the hash as 64 hexadecimal digits and resets this digest. */
  public String hex() {
    return Hashing.hex(sha.digest());
  }
}
