package dev.mixlaw.eval.table.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of a UTF-8 file, decompressed if its name ends in {@code .gz}. The length of a line
 * is bounded, so that a file without line ends cannot exhaust the memory.
 */
final class Lines implements AutoCloseable {
  /** Largest length of a line, in characters. */
  static final int LIMIT = 1 << 20;

  private final Reader reader;
  private final char[] buffer = new char[1 << 14];
  private int next;
  private int end;
  private boolean afterReturn;

  private Lines(Reader reader) {
    this.reader = reader;
  }

  static Lines open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
    try {
      if (file.toString().toLowerCase(Locale.ROOT).endsWith(".gz")) {
        bytes = new GZIPInputStream(bytes, 1 << 14);
      }
      // Its own decoder: new InputStreamReader(bytes, UTF_8) would replace what is not UTF-8.
      return new Lines(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  /**
   * Returns the next line without its end, or null after the last one. A line that is too long is
   * cut one character past the limit.
   */
  @Nullable String next() throws IOException {
    StringBuilder line = null;
    while (fill()) {
      if (afterReturn && buffer[next] == '\n') {
        next++;
        afterReturn = false;
        continue;
      }
      afterReturn = false;
      int from = next;
      while (next < end && buffer[next] != '\n' && buffer[next] != '\r') {
        next++;
      }
      boolean ended = next < end;
      if (ended && line == null) {
        return cut(new String(buffer, from, next - from));
      }
      line = line == null ? new StringBuilder() : line;
      line.append(buffer, from, next - from);
      if (ended || line.length() > LIMIT) {
        return ended ? cut(line.toString()) : line.substring(0, LIMIT + 1);
      }
    }
    return line == null ? null : line.toString();
  }

  /** Skips the character that ended a line. */
  private String cut(String line) {
    afterReturn = buffer[next] == '\r';
    next++;
    return line;
  }

  private boolean fill() throws IOException {
    if (next == end) {
      end = Math.max(0, reader.read(buffer));
      next = 0;
    }
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
