package dev.mixlaw.mix.corpus;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads a stream line by line, or all of it as one record. Lines end in LF or CRLF. A byte-order
 * mark at the beginning is skipped. This class is not thread-safe.
 */
final class LineReader implements Closeable {
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final int limit;
  private final byte[] chunk = new byte[1 << 16];
  private int from;
  private int to;
  private byte[] record = new byte[1 << 12];
  private int length;
  private boolean tooLong;
  private long line;

  /** Creates a reader that closes {@code in} and reads records of at most {@code limit} bytes. */
  LineReader(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  boolean nextLine() throws IOException {
    clear();
    if (!fill()) {
      return false;
    }
    line++;
    boolean ended = false;
    while (!ended && fill()) {
      int end = from;
      while (end < to && chunk[end] != '\n') {
        end++;
      }
      ended = end < to;
      take(end);
      from += ended ? 1 : 0;
    }
    if (length > 0 && record[length - 1] == '\r') {
      length--;
    }
    dropByteOrderMark();
    return true;
  }

  void rest() throws IOException {
    clear();
    line++;
    while (fill()) {
      take(to);
    }
    dropByteOrderMark();
  }

  private void dropByteOrderMark() {
    if (line == 1 && length >= MARK.length && Arrays.mismatch(MARK, record) == MARK.length) {
      length -= MARK.length;
      System.arraycopy(record, MARK.length, record, 0, length);
    }
  }

  long line() {
    return line;
  }

  /** Returns the buffer that holds the record in its first {@link #length()} bytes. */
  byte[] bytes() {
    return record;
  }

  int length() {
    return length;
  }

  /** Returns whether the record exceeded the limit and was truncated. */
  boolean tooLong() {
    return tooLong;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void clear() {
    length = 0;
    tooLong = false;
  }

  private void take(int end) {
    int size = end - from;
    if (tooLong || size > limit - length) {
      tooLong = true; // the rest is skipped
    } else {
      if (length + size > record.length) {
        record = Arrays.copyOf(record, (int) Math.max(2L * record.length, (long) length + size));
      }
      System.arraycopy(chunk, from, record, length, size);
      length += size;
    }
    from = end;
  }

  private boolean fill() throws IOException {
    if (from < to) {
      return true;
    }
    from = 0;
    to = Math.max(0, in.read(chunk, 0, chunk.length));
    return from < to;
  }
}
