package dev.mixlaw.mix.generate;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Bytes of one line after another. */
final class LineBytes {
  private byte[] bytes = new byte[1 << 12];
  private int length;

  /** Reads up to the next line feed; false at the end, also if a line was begun and not ended. */
  boolean read(InputStream in) throws IOException {
    length = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return true;
      }
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
      bytes[length++] = (byte) b;
    }
    return false;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }
}
