package dev.mixlaw.mix.corpus;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines, or takes all of it. Lines end in LF or CRLF; a byte-order mark
 * at the beginning is left out. Not for use by several threads.
 */
public final class LineReader implements Closeable {
  private final InputStream in;
  private final int limit;
  private final byte[] chunk = new byte[1 << 16];
  private int from;
  private int to;
  private byte[] record = new byte[1 << 12];
  private int length;
  private boolean tooLong;
  private boolean started;
  private long line;

  /**
   * Scans a stream and closes it in the end.
   *
   * @param limit most bytes of a record
   */
  public LineReader(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** Goes to the next line; false at the end. */
  public boolean nextLine() throws IOException {
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
    return true;
  }

  /** Takes everything that is left as one record. */
  public void rest() throws IOException {
    clear();
    line++;
    while (fill()) {
      take(to);
    }
  }

  /** The line last read, from 1; where reading failed, the last one begun. */
  public long line() {
    return line;
  }

  /** The record's bytes are the first {@link #length()} of these, until the next call. */
  public byte[] bytes() {
    return record;
  }

  public int length() {
    return length;
  }

  /** Whether the record was longer than the limit; then its bytes are not all there. */
  public boolean tooLong() {
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
      tooLong = true; // what follows is read past, not kept
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
    if (!started && to > 0) {
      started = true;
      while (to < 3) {
        int more = in.read(chunk, to, chunk.length - to);
        if (more <= 0) {
          break;
        }
        to += more;
      }
      if (to >= 3
          && chunk[0] == (byte) 0xEF
          && chunk[1] == (byte) 0xBB
          && chunk[2] == (byte) 0xBF) {
        from = 3;
        return from < to || fill();
      }
    }
    return from < to;
  }
}
