package dev.mixlaw.eval.table;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * A reader that counts lines and limits their length, so that a file without line breaks cannot
 * exhaust memory.
 */
final class BoundedReader extends FilterReader {
  /** Largest length of a line, in characters. */
  static final int LIMIT = 1 << 20;

  private int length;
  private long lines;

  BoundedReader(Reader in) {
    super(in);
  }

  long lines() {
    return lines;
  }

  @Override
  public int read(char[] buffer, int from, int number) throws IOException {
    int end = super.read(buffer, from, number);
    for (int i = from; i < from + end; i++) {
      length = buffer[i] == '\n' || buffer[i] == '\r' ? 0 : length + 1;
      lines += buffer[i] == '\n' ? 1 : 0;
      if (length > LIMIT) {
        throw new LineTooLongException();
      }
    }
    return end;
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  static final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1;
  }
}
