package dev.mixlaw.mix.corpus;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Decompresses a gzip file with any number of members (RFC 1952). Zero bytes after the last member
 * are padding. Unlike {@link java.util.zip.GZIPInputStream}, this class throws an exception for a
 * member with a damaged header. This class is not thread-safe.
 */
final class GzipStream extends InflaterInputStream {
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final CRC32 checksum = new CRC32();

  /** Index of the first unused byte in {@link #buf}. */
  private int from;

  private boolean ended;

  /** Opens a stream and reads the first header. Closing this stream closes {@code in}. */
  GzipStream(InputStream in) throws IOException {
    super(in, new Inflater(true), 1 << 16);
    header(next());
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = 0;
    while (count == 0 && length > 0 && !ended) {
      try {
        count = inf.inflate(bytes, offset, length);
      } catch (DataFormatException e) {
        throw new ZipException("damaged compressed data: " + e.getMessage());
      }
      if (inf.needsDictionary()) {
        throw new ZipException(
            "damaged compressed data: it requires a preset dictionary, which gzip does not allow");
      }
      checksum.update(bytes, offset, count);
      if (count == 0 && inf.finished()) {
        endMember();
      } else if (count == 0) {
        if (from == len && !more()) {
          throw new EOFException("the file ends inside compressed data");
        }
        inf.setInput(buf, from, len - from);
        from = len;
      }
    }
    return count == 0 && length > 0 ? -1 : count;
  }

  private void endMember() throws IOException {
    from = len - inf.getRemaining();
    long size = inf.getBytesWritten() & 0xFFFFFFFFL;
    if (number() != checksum.getValue() || number() != size) {
      throw new ZipException("damaged: the checksum or size of a gzip member does not match");
    }
    boolean padding = false;
    while (from < len || more()) {
      int b = next();
      if (b != 0 && padding) {
        throw new ZipException("damaged: zero bytes between members");
      } else if (b != 0) {
        header(b);
        return;
      }
      padding = true;
    }
    ended = true;
  }

  private void header(int first) throws IOException {
    if (first != 0x1F || next() != 0x8B) {
      throw new ZipException("not gzip, or the header of a member is damaged");
    }
    int method = next();
    int flags = next();
    if (method != 8 || (flags & RESERVED) != 0) {
      throw new ZipException("damaged header of a gzip member: compression method " + method);
    }
    skipBytes(6); // time, level, operating system
    if ((flags & EXTRA) != 0) {
      skipBytes(next() | next() << 8);
    }
    for (int field : new int[] {NAME, COMMENT}) {
      while ((flags & field) != 0 && next() != 0) {
        // Skips the file name or the comment, which ends with a zero byte.
      }
    }
    skipBytes((flags & HEADER_CHECKSUM) != 0 ? 2 : 0);
    checksum.reset();
    inf.reset();
  }

  private long number() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private void skipBytes(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      next();
    }
  }

  private int next() throws IOException {
    if (from == len && !more()) {
      throw new EOFException("the file ends inside a gzip header or checksum");
    }
    return buf[from++] & 0xFF;
  }

  private boolean more() throws IOException {
    from = 0;
    len = Math.max(0, in.read(buf, 0, buf.length));
    return len > 0;
  }

  @Override
  public void close() throws IOException {
    inf.end();
    super.close();
  }
}
