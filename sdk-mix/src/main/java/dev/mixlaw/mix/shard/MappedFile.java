package dev.mixlaw.mix.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A memory-mapped file of any size. A mapping has at most 2 GB, so a large file has several
 * mappings. Each number must begin at a multiple of its size, so that no number spans two mappings.
 */
final class MappedFile {
  private static final int CHUNK_BITS = 30;

  private final ByteBuffer[] chunks;
  private final int bits;
  private final long size;

  private MappedFile(ByteBuffer[] chunks, int bits, long size) {
    this.chunks = chunks;
    this.bits = bits;
    this.size = size;
  }

  static MappedFile open(Path file) throws IOException {
    return open(file, CHUNK_BITS);
  }

  /** Opens a file with mappings of {@code 1 << bits} bytes. */
  static MappedFile open(Path file, int bits) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long chunk = 1L << bits;
      ByteBuffer[] chunks = new ByteBuffer[Math.toIntExact((size + chunk - 1) >>> bits)];
      for (int i = 0; i < chunks.length; i++) {
        long from = i * chunk;
        chunks[i] =
            channel
                .map(FileChannel.MapMode.READ_ONLY, from, Math.min(chunk, size - from))
                .order(ByteOrder.LITTLE_ENDIAN);
      }
      return new MappedFile(chunks, bits, size);
    }
  }

  long size() {
    return size;
  }

  private ByteBuffer chunk(long at) {
    return chunks[(int) (at >>> bits)];
  }

  private int within(long at) {
    return (int) (at & ((1L << bits) - 1));
  }

  int intAt(long at) {
    return chunk(at).getInt(within(at));
  }

  long longAt(long at) {
    return chunk(at).getLong(within(at));
  }

  byte[] bytes(long at, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = chunk(at + i).get(within(at + i));
    }
    return bytes;
  }

  /** Copies unsigned 2-byte numbers or signed 4-byte numbers, depending on {@code width}. */
  void copy(long at, int width, int[] into, int offset, int length) {
    int done = 0;
    while (done < length) {
      long from = at + (long) done * width;
      ByteBuffer chunk = chunk(from);
      int first = within(from);
      int here = Math.min(length - done, (chunk.capacity() - first) / width);
      if (width == Short.BYTES) {
        for (int i = 0; i < here; i++) {
          into[offset + done + i] = chunk.getChar(first + 2 * i);
        }
      } else {
        chunk
            .slice(first, 4 * here)
            .order(chunk.order())
            .asIntBuffer()
            .get(into, offset + done, here);
      }
      done += here;
    }
  }

  int checksum(long from) {
    CRC32C crc = new CRC32C();
    for (long at = from; at < size; at = ((at >>> bits) + 1) << bits) {
      crc.update(chunk(at).duplicate().position(within(at)));
    }
    return (int) crc.getValue();
  }
}
