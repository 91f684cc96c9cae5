package dev.mixlaw.mix.shard;

import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.Digest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The header of a token shard.
 *
 * @param width bytes per token id: 2 or 4
 * @param tokens number of token ids, including end-of-text tokens
 * @param textBytes size of all texts in UTF-8 bytes
 * @param skipped number of malformed records that were skipped
 * @param noteBytes size of the notes at the end in bytes
 * @param tokenizer SHA-256 of the tokenizer's fingerprint, as 64 hexadecimal digits
 * @param content fingerprint of the documents, as 64 hexadecimal digits
 * @param checksum CRC-32C of all bytes after the header
 */
record ShardHeader(
    int width,
    int documents,
    long tokens,
    long textBytes,
    long skipped,
    long noteBytes,
    String tokenizer,
    String content,
    int checksum) {
  static final int BYTES = 128;

  private static final byte[] MAGIC = "MIXLAWTS".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int CHECKED = BYTES - Integer.BYTES;
  private static final int FINGERPRINT = 32;

  static int widthFor(int vocabulary) {
    return vocabulary <= 1 << 16 ? Short.BYTES : Integer.BYTES;
  }

  static String hashOf(Tokenizer tokenizer) {
    return new Digest().add(tokenizer.fingerprint()).hex();
  }

  static long padded(long bytes) {
    return (bytes + 7) & ~7L;
  }

  long offsetsAt() {
    return padded(BYTES + tokens * width);
  }

  long lengthsAt() {
    return offsetsAt() + (documents + 1L) * Long.BYTES;
  }

  long notesAt() {
    return padded(lengthsAt() + (long) documents * Integer.BYTES);
  }

  long fileBytes() {
    return notesAt() + noteBytes;
  }

  ByteBuffer toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putInt(VERSION).putInt(width).putInt(documents);
    bytes.putLong(tokens).putLong(textBytes).putLong(skipped).putLong(noteBytes);
    bytes.put(fingerprint(tokenizer)).put(fingerprint(content)).putInt(checksum);
    bytes.putInt(CHECKED, checksum(bytes));
    return bytes.rewind();
  }

  /**
   * Reads a header.
   *
   * @throws DamagedException if the bytes are not a valid header
   */
  static ShardHeader of(ByteBuffer bytes) throws DamagedException {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[MAGIC.length];
    bytes.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new DamagedException("not a token shard");
    }
    int version = bytes.getInt();
    if (version != VERSION) {
      throw new DamagedException("version " + version + " of the format; expected " + VERSION);
    }
    if (bytes.getInt(CHECKED) != checksum(bytes)) {
      throw new DamagedException("the header is damaged");
    }
    return new ShardHeader(
        bytes.getInt(),
        bytes.getInt(),
        bytes.getLong(),
        bytes.getLong(),
        bytes.getLong(),
        bytes.getLong(),
        fingerprint(bytes),
        fingerprint(bytes),
        bytes.getInt());
  }

  private static int checksum(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().clear().limit(CHECKED));
    return (int) crc.getValue();
  }

  private static byte[] fingerprint(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    if (bytes.length != FINGERPRINT) {
      throw new IllegalArgumentException("fingerprint " + hex + "; expected a SHA-256");
    }
    return bytes;
  }

  private static String fingerprint(ByteBuffer bytes) {
    byte[] fingerprint = new byte[FINGERPRINT];
    bytes.get(fingerprint);
    return Hashing.hex(fingerprint);
  }

  /** Thrown if a file is not a complete shard. The message states the reason. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedException(String reason) {
      super(reason);
    }
  }
}
