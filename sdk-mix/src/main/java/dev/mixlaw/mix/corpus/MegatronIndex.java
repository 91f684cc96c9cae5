package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.internal.io.Closing;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The index of a Megatron token file. The header is followed by the length of each sequence (32
 * bits) and its byte position in the token file (64 bits). The last section contains the index of
 * the first sequence of each document and the number of sequences (64 bits each). All numbers are
 * little-endian.
 */
final class MegatronIndex implements Closeable {
  private static final byte[] MAGIC = "MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 34;

  /** Number of bytes per id for each type code, or 0 for types that are not integers. */
  private static final int[] WIDTHS = {0, 1, 1, 2, 4, 8, 0, 0, 2};

  private final FileChannel channel;
  private final int code;
  private final long sequences;
  private final long documents;
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private MegatronIndex(FileChannel channel) throws IOException {
    this.channel = channel;
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    fill(channel, header, 0);
    header.flip();
    byte[] magic = new byte[MAGIC.length];
    header.get(magic, 0, Math.min(magic.length, header.remaining()));
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IOException("not a Megatron index: it does not begin with MMIDIDX");
    }
    if (header.remaining() < HEADER - MAGIC.length) {
      throw new EOFException("truncated: " + channel.size() + " bytes");
    }
    long version = header.getLong();
    if (version != 1) {
      throw new IOException("index version " + version + "; expected version 1");
    }
    this.code = header.get();
    if (code < 0 || code >= WIDTHS.length || WIDTHS[code] == 0) {
      throw new IOException("ids of type " + code + "; expected an integer type: 1 to 5 or 8");
    }
    this.sequences = header.getLong();
    long boundaries = header.getLong();
    long entries = (channel.size() - HEADER) / Integer.BYTES;
    if (sequences < 0 || boundaries < 1 || sequences > entries || boundaries > entries) {
      throw new IOException(
          "damaged: it states %s sequences and %s document boundaries"
              .formatted(sequences, boundaries));
    }
    long needed = HEADER + 12 * sequences + 8 * boundaries;
    if (channel.size() < needed) {
      throw new EOFException("truncated: " + channel.size() + " of " + needed + " bytes");
    }
    this.documents = boundaries - 1;
  }

  static MegatronIndex open(Path idx) throws IOException {
    return Closing.onFailure(FileChannel.open(idx), MegatronIndex::new);
  }

  long documents() {
    return documents;
  }

  /** Returns the index of the first sequence that does not belong to an earlier document. */
  long first(long document) throws IOException {
    long first = number(HEADER + 12 * sequences + 8 * document, Long.BYTES).getLong();
    if (first < 0 || first > sequences) {
      throw new IOException(
          "damaged index: document " + (document + 1) + " begins at sequence " + first);
    }
    return first;
  }

  int length(long sequence) throws IOException {
    int length = number(HEADER + 4 * sequence, Integer.BYTES).getInt();
    if (length < 0) {
      throw new IOException("damaged index: a sequence has " + length + " ids");
    }
    return length;
  }

  /** Returns the byte position of a sequence in the token file. */
  long pointer(long sequence) throws IOException {
    return number(HEADER + 4 * sequences + 8 * sequence, Long.BYTES).getLong();
  }

  int width() {
    return WIDTHS[code];
  }

  /** Reads the next id from a buffer, or returns -1 if it is negative or too large. */
  int id(ByteBuffer ids) {
    long id =
        switch (code) {
          case 1 -> ids.get() & 0xFF;
          case 2 -> ids.get();
          case 3 -> ids.getShort();
          case 8 -> ids.getShort() & 0xFFFF;
          case 4 -> ids.getInt();
          default -> ids.getLong();
        };
    return id < 0 || id > Integer.MAX_VALUE ? -1 : (int) id;
  }

  /** Returns the expected size of the token file in bytes. */
  long tokenBytes() throws IOException {
    return sequences == 0 ? 0 : pointer(sequences - 1) + (long) length(sequences - 1) * width();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private ByteBuffer number(long position, int width) throws IOException {
    fill(channel, number.clear().limit(width), position);
    if (number.hasRemaining()) {
      throw new EOFException("the index was truncated while it was read");
    }
    return number.flip();
  }

  static void fill(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    int read = 0;
    while (bytes.hasRemaining() && read >= 0) {
      read = channel.read(bytes, at);
      at += Math.max(0, read);
    }
  }
}
