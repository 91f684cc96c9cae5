package dev.mixlaw.mix.token;

import java.util.Arrays;

/**
 * Maps bytes to the printable characters that represent them in a {@code tokenizer.json}, as
 * GPT-2's {@code bytes_to_unicode} does. Bytes that are printable in Latin-1 keep their character.
 * All other bytes are mapped to characters from U+0100 on.
 */
final class ByteAlphabet {
  private static final char[] CHARS = new char[256];
  private static final short[] BYTES = new short[0x200];

  static {
    Arrays.fill(BYTES, (short) -1);
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      CHARS[b] = printable ? (char) b : next++;
      BYTES[CHARS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  static String toText(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      text.append(CHARS[b & 0xFF]);
    }
    return text.toString();
  }

  /** Returns the bytes that the characters of a token represent. */
  static byte[] toBytes(String text) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = text.charAt(i);
      int b = c < BYTES.length ? BYTES[c] : -1;
      if (b < 0) {
        throw new IllegalArgumentException(
            "token \"" + text + "\" has a character that represents no byte");
      }
      bytes[i] = (byte) b;
    }
    return bytes;
  }
}
