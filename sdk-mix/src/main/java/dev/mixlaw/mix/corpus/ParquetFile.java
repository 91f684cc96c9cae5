package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.internal.io.Closing;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;

final class ParquetFile implements Closeable {
  private static final int MAGIC_BYTES = 4;
  private static final int TAIL_BYTES = Integer.BYTES + MAGIC_BYTES;
  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;
  private final long footerStart;
  private final FileMetaData footer;

  private ParquetFile(FileChannel channel) throws IOException {
    this.channel = channel;
    long size = channel.size();
    if (size < MAGIC_BYTES + TAIL_BYTES) {
      throw new IOException("not Parquet: the file has only " + size + " bytes");
    }
    ByteBuffer tail = read(size - TAIL_BYTES, TAIL_BYTES);
    int length = tail.getInt();
    String magic = StandardCharsets.ISO_8859_1.decode(tail).toString();
    boolean begins = read(0, MAGIC_BYTES).equals(ByteBuffer.wrap(ascii("PAR1")));
    if (magic.equals("PARE")) {
      throw new IOException("encrypted");
    }
    if (read(0, MAGIC_BYTES).equals(ByteBuffer.wrap(ascii("vers")))) {
      throw new IOException("not Parquet but a Git LFS pointer; fetch the file with git lfs pull");
    }
    if (!magic.equals("PAR1")) {
      throw new IOException(
          begins ? "truncated: the footer is missing" : "not Parquet: it does not end with PAR1");
    }
    if (!begins || length <= 0 || length > size - MAGIC_BYTES - TAIL_BYTES) {
      throw new IOException(
          "damaged: it states a footer of " + length + " bytes, but has " + size + " bytes");
    }
    this.footerStart = size - TAIL_BYTES - length;
    try (InputStream in = stream(footerStart)) {
      this.footer = Util.readFileMetaData(in);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new IOException("damaged footer: " + e, e); // Thrift throws all of these
    }
  }

  static ParquetFile open(Path path) throws IOException {
    return Closing.onFailure(FileChannel.open(path), ParquetFile::new);
  }

  FileMetaData footer() {
    return footer;
  }

  /** Returns a stream from a position to the end. Only one stream may be in use at a time. */
  InputStream stream(long position) throws IOException {
    return new BufferedInputStream(Channels.newInputStream(channel.position(position)), BUFFER) {
      @Override
      public void close() {} // close() of the file closes the channel
    };
  }

  long footerStart() {
    return footerStart;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("the file was truncated while it was read");
      }
    }
    return bytes.flip();
  }
}
