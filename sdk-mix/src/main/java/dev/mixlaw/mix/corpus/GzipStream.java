package dev.mixlaw.mix.corpus;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses a gzip file with any number of members (RFC 1952). Zero bytes after the last member
 * are padding; anything else must be a whole, undamaged member. {@link
 * java.util.zip.GZIPInputStream} silently ends at a member whose header is damaged. Not
 * thread-safe.
 */
final class GzipStream extends InputStream {
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private int from;
  private int to;
  private boolean inMember;
  private boolean ended;

  /** Opens a stream, which {@link #close} closes, and reads the first header. */
  GzipStream(InputStream in) throws IOException {
    this.in = in;
    header(next());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (length > 0 && (inMember || nextMember())) {
      int count = inflate(bytes, offset, length);
      if (count > 0) {
        checksum.update(bytes, offset, count);
        return count;
      }
      if (inflater.finished()) {
        endMember();
      } else if (from == to && !fill()) {
        throw new EOFException("the file ends inside compressed data");
      } else {
        inflater.setInput(buffer, from, to - from);
        from = to;
      }
    }
    return length == 0 ? 0 : -1;
  }

  private int inflate(byte[] bytes, int offset, int length) throws ZipException {
    try {
      int count = inflater.inflate(bytes, offset, length);
      if (inflater.needsDictionary()) {
        throw new ZipException(
            "damaged compressed data: it requires a preset dictionary, which gzip does not allow");
      }
      return count;
    } catch (DataFormatException e) {
      throw new ZipException("damaged compressed data: " + e.getMessage());
    }
  }

  private boolean nextMember() throws IOException {
    if (ended) {
      return false;
    }
    boolean padding = false;
    while (from < to || fill()) {
      int b = next();
      if (b != 0 && padding) {
        throw new ZipException("damaged: zero bytes between members");
      } else if (b != 0) {
        header(b);
        return true;
      }
      padding = true;
    }
    ended = true;
    return false;
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
    skip(6); // time, level, operating system
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    for (int field : new int[] {NAME, COMMENT}) {
      while ((flags & field) != 0 && next() != 0) {
        // a text that ends in a zero byte
      }
    }
    skip((flags & HEADER_CHECKSUM) != 0 ? 2 : 0);
    checksum.reset();
    inflater.reset();
    inMember = true;
  }

  private void endMember() throws IOException {
    from = to - inflater.getRemaining();
    long size = inflater.getBytesWritten() & 0xFFFFFFFFL;
    if (number() != checksum.getValue() || number() != size) {
      throw new ZipException("damaged: the checksum or size of a gzip member does not match");
    }
    inMember = false;
  }

  private long number() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      next();
    }
  }

  private int next() throws IOException {
    if (from == to && !fill()) {
      throw new EOFException("the file ends inside a gzip header or checksum");
    }
    return buffer[from++] & 0xFF;
  }

  private boolean fill() throws IOException {
    from = 0;
    to = Math.max(0, in.read(buffer, 0, buffer.length));
    return to > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
