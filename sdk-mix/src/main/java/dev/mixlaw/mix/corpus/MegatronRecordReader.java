package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.internal.io.Closing;
import dev.mixlaw.api.spi.Tokenizer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Reads and decodes the documents of a Megatron token file, one at a time. */
final class MegatronRecordReader implements RecordReader {
  private static final String BIN = ".bin";
  private static final String IDX = ".idx";

  private final MegatronIndex index;
  private final FileChannel tokens;
  private final Tokenizer tokenizer;
  private final int maxBytes;
  private ByteBuffer buffer = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);
  private long document;

  private MegatronRecordReader(
      MegatronIndex index, FileChannel tokens, Tokenizer tokenizer, int maxBytes) {
    this.index = index;
    this.tokens = tokens;
    this.tokenizer = tokenizer;
    this.maxBytes = maxBytes;
  }

  /** Returns the path of the file with the given ending, which is one of the two files. */
  static Path sibling(Path prefix, String ending) {
    String name = String.valueOf(prefix.getFileName());
    String stem =
        name.endsWith(BIN) || name.endsWith(IDX) ? name.substring(0, name.length() - 4) : name;
    return prefix.resolveSibling(stem + ending);
  }

  /**
   * Opens both files and checks everything except the tokens. Both files are closed if this method
   * throws an exception.
   */
  static MegatronRecordReader open(Path prefix, Tokenizer tokenizer, int maxBytes)
      throws IOException {
    Path idx = sibling(prefix, IDX);
    Path bin = sibling(prefix, BIN);
    List<Path> missing = Stream.of(idx, bin).filter(f -> !Files.isReadable(f)).toList();
    if (!missing.isEmpty()) {
      throw new UnsuitableFileException(
          "missing or not readable: " + missing, "two readable files", "change MegatronTokens.of");
    }
    return Closing.onFailure(
        MegatronIndex.open(idx),
        index -> {
          long needed = index.tokenBytes();
          if (needed < 0 || Files.size(bin) < needed) {
            throw new EOFException(
                "%s: %s of the %s bytes that its index states"
                    .formatted(bin, Files.size(bin), needed));
          }
          return new MegatronRecordReader(index, FileChannel.open(bin), tokenizer, maxBytes);
        });
  }

  @Override
  public boolean next() {
    return document++ < index.documents();
  }

  @Override
  public String text() throws IOException, MalformedRecordException {
    long from = index.first(document - 1);
    long to = index.first(document);
    if (to < from) {
      throw new IOException(
          "damaged index: document %s ends at sequence %s, before its start at sequence %s"
              .formatted(document, to, from));
    }
    int[] ids = new int[64];
    int length = 0;
    for (long sequence = from; sequence < to; sequence++) {
      int more = index.length(sequence);
      if (((long) length + more) * index.width() > maxBytes) {
        throw new MalformedRecordException("its ids take more than " + maxBytes + " bytes");
      }
      if (length + more > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(length + more, 2 * ids.length));
      }
      read(index.pointer(sequence), more * index.width());
      for (int i = 0; i < more; i++) {
        ids[length++] = id();
      }
    }
    while (length > 0 && ids[length - 1] == tokenizer.endOfText()) {
      length--;
    }
    String text = tokenizer.decode(Arrays.copyOf(ids, length));
    if (text.isBlank()) {
      throw MalformedRecordException.blank("no text");
    }
    return text;
  }

  private int id() throws IOException {
    int at = buffer.position();
    int id = index.id(buffer);
    if (id < 0 || id >= tokenizer.vocabulary()) {
      throw new IOException(
          "%s is outside the vocabulary of %s (%s tokens): another tokenizer wrote this file"
              .formatted(
                  id < 0 ? "a negative or too large id at byte " + at : "id " + id,
                  tokenizer.name(),
                  tokenizer.vocabulary()));
    }
    return id;
  }

  private void read(long position, int bytes) throws IOException {
    if (buffer.capacity() < bytes) {
      buffer =
          ByteBuffer.allocate(Math.max(bytes, 2 * buffer.capacity()))
              .order(ByteOrder.LITTLE_ENDIAN);
    }
    buffer.clear().limit(bytes);
    if (position < 0) {
      throw new IOException("damaged index: a sequence begins at byte " + position);
    }
    MegatronIndex.fill(tokens, buffer, position);
    if (buffer.hasRemaining()) {
      throw new EOFException("the token file ends inside a sequence");
    }
    buffer.flip();
  }

  @Override
  public long position() {
    return document;
  }

  @Override
  public void close() throws IOException {
    try (index) {
      tokens.close();
    }
  }
}
