package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.internal.Texts;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 and rejects malformed input instead of replacing it. */
final class StrictUtf8Decoder {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private CharBuffer chars = CharBuffer.allocate(1 << 12);

  /** Decodes bytes. The result is valid until the next call. */
  CharBuffer decode(byte[] bytes, int length) throws MalformedRecordException {
    if (chars.capacity() < length) { // UTF-8 never has more UTF-16 units than bytes
      chars = CharBuffer.allocate(Math.max(length, 2 * Math.min(chars.capacity(), 1 << 29)));
    }
    chars.clear();
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    CoderResult result = decoder.reset().decode(in, chars, true);
    if (result.isError()) {
      int at = in.position();
      long newlines = 0;
      for (int i = 0; i < at; i++) {
        newlines += bytes[i] == '\n' ? 1 : 0;
      }
      throw new MalformedRecordException(
          Texts.format("not UTF-8: byte 0x%02X at position %d", bytes[at], at + 1), newlines);
    }
    return chars.flip();
  }
}
