package dev.mixlaw.mix.shard;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.TextFingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/** Writes token shards, with 12 bytes of memory per document. */
public final class ShardWriter {
  private static final int BUFFER = 1 << 20;

  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private long written = ShardHeader.BYTES;

  private ShardWriter(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Tokenizes documents and writes them to a shard, with the end-of-text token after each document.
   * If writing fails, nothing changes on disk.
   *
   * @param progress receives the size of the text processed so far in UTF-8 bytes, after each
   *     document
   * @throws dev.mixlaw.api.MixlawException (storage) if the file cannot be written
   */
  public static void write(
      Path file, DocumentStream documents, Tokenizer tokenizer, LongConsumer progress) {
    DurableFile.write(
        file, channel -> new ShardWriter(channel).write(documents, tokenizer, progress));
  }

  private void write(DocumentStream documents, Tokenizer tokenizer, LongConsumer progress)
      throws IOException {
    channel.position(ShardHeader.BYTES);
    int width = ShardHeader.widthFor(tokenizer.vocabulary());
    TextFingerprint content = new TextFingerprint();
    long[] offsets = new long[1024];
    int[] lengths = new int[1024];
    int count = 0;
    long tokens = 0;
    while (documents.hasNext()) {
      Document document = documents.next();
      if (count + 1 == lengths.length) {
        offsets = Arrays.copyOf(offsets, Math.multiplyExact(2, offsets.length));
        lengths = Arrays.copyOf(lengths, offsets.length);
      }
      int[] ids = tokenizer.encode(document.text());
      for (int id : ids) {
        if (id < 0 || id >= tokenizer.vocabulary()) {
          throw new IllegalStateException(
              "tokenizer %s: id %s; expected 0 to %s"
                  .formatted(tokenizer.name(), id, tokenizer.vocabulary() - 1));
        }
        put(id, width);
      }
      put(tokenizer.endOfText(), width);
      tokens += ids.length + 1;
      lengths[count++] = content.add(document);
      offsets[count] = tokens;
      progress.accept(content.bytes());
    }
    pad();
    for (int i = 0; i <= count; i++) {
      room(Long.BYTES).putLong(offsets[i]);
    }
    for (int i = 0; i < count; i++) {
      room(Integer.BYTES).putInt(lengths[i]);
    }
    pad();
    byte[] notes = String.join("\n", documents.skippedExamples()).getBytes(StandardCharsets.UTF_8);
    for (byte b : notes) {
      room(1).put(b);
    }
    flush();
    ByteBuffer header =
        new ShardHeader(
                width,
                count,
                tokens,
                content.bytes(),
                documents.skipped(),
                notes.length,
                ShardHeader.hashOf(tokenizer),
                content.hex(),
                (int) crc.getValue())
            .toBytes();
    channel.position(0);
    writeFully(header);
  }

  private void put(int id, int width) throws IOException {
    if (width == Short.BYTES) {
      room(Short.BYTES).putShort((short) id);
    } else {
      room(Integer.BYTES).putInt(id);
    }
  }

  private void pad() throws IOException {
    long at = written + buffer.position();
    for (long i = at; i < ShardHeader.padded(at); i++) {
      room(1).put((byte) 0);
    }
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void flush() throws IOException {
    buffer.flip();
    crc.update(buffer.duplicate());
    written += buffer.remaining();
    writeFully(buffer);
    buffer.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
