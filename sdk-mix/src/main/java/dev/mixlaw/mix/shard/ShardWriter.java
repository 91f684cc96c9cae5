package dev.mixlaw.mix.shard;

import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.RecordCounts;
import dev.mixlaw.mix.internal.TextFingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** Writes token shards, with 12 bytes of memory per document. */
public final class ShardWriter {
  private static final int BUFFER = 1 << 20;

  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private final List<String> fingerprints = new ArrayList<>();
  private final List<String> examples = new ArrayList<>();
  private long written = ShardHeader.BYTES;
  private long[] offsets = new long[1024];
  private int[] lengths = new int[1024];
  private int count;
  private long skipped;

  /** Thrown if a batch cannot be written, as opposed to a failure to read the documents. */
  private static final class WriteException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    WriteException(IOException cause) {
      super(cause);
    }
  }

  private ShardWriter(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Writes a shard. If writing fails, nothing changes on disk.
   *
   * @param content function that passes all batches to the given writer
   * @throws dev.mixlaw.api.MixlawException (storage) if the file cannot be written
   */
  public static void write(Path file, Tokenizer tokenizer, Consumer<ShardWriter> content) {
    DurableFile.write(
        file,
        channel -> {
          channel.position(ShardHeader.BYTES);
          ShardWriter writer = new ShardWriter(channel);
          try {
            content.accept(writer);
          } catch (WriteException e) {
            throw e.getCause();
          }
          writer.finish(tokenizer);
        });
  }

  /** Adds the next documents. */
  public void add(TokenBatch batch) {
    try {
      for (int at = 0; at < batch.ids().length; ) {
        int length = Math.min(room(1).remaining(), batch.ids().length - at);
        buffer.put(batch.ids(), at, length);
        at += length;
      }
    } catch (IOException e) {
      throw new WriteException(e);
    }
    for (int i = 0; i < batch.tokens().length; i++) {
      if (count + 1 == lengths.length) {
        offsets = Arrays.copyOf(offsets, Math.multiplyExact(2, offsets.length));
        lengths = Arrays.copyOf(lengths, offsets.length);
      }
      lengths[count] = batch.bytes()[i];
      offsets[count + 1] = offsets[count] + batch.tokens()[i];
      count++;
    }
    TokenBatch.PartEnd end = batch.end();
    if (end != null) {
      fingerprints.add(end.fingerprint());
      skipped += end.skipped();
      end.examples().stream().limit(RecordCounts.EXAMPLES - examples.size()).forEach(examples::add);
    }
  }

  private void finish(Tokenizer tokenizer) throws IOException {
    pad();
    for (int i = 0; i <= count; i++) {
      room(Long.BYTES).putLong(offsets[i]);
    }
    for (int i = 0; i < count; i++) {
      room(Integer.BYTES).putInt(lengths[i]);
    }
    pad();
    byte[] notes = String.join("\n", examples).getBytes(StandardCharsets.UTF_8);
    for (byte b : notes) {
      room(1).put(b);
    }
    flush();
    ByteBuffer header =
        new ShardHeader(
                ShardHeader.widthFor(tokenizer.vocabulary()),
                count,
                offsets[count],
                Arrays.stream(lengths, 0, count).asLongStream().sum(),
                skipped,
                notes.length,
                ShardHeader.hashOf(tokenizer),
                TextFingerprint.of(fingerprints),
                (int) crc.getValue())
            .toBytes();
    channel.position(0);
    writeFully(header);
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
