package dev.mixlaw.samples.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Changes bytes at random: a few bits, numbers, pieces, or the length. */
final class Mutator {
  private static final String[] TEXTS = {
    "2147483647",
    "-1",
    "0",
    "1e99999999999",
    "9223372036854775807",
    "4294967296",
    "NaN",
    "1.5",
    "null",
    "{}",
    "[]",
    "\"\"",
    "\\u0000",
    "\\ud800",
    "\uFFFD",
    "\u0000",
    "\"",
    "[",
    "{",
    "]",
    "}",
    ",",
    ":",
    "\n",
    "\r\n",
    "\n\n",
    "*",
    "**/",
    "[z-a]",
    "- ",
    "&a ",
    "*a",
    "---\n",
    "true"
  };
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    127,
    128,
    255,
    256,
    Short.MAX_VALUE,
    65536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 31,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1 << 28
  };

  private final SplittableRandom random;

  Mutator(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Returns a copy with one to four changes. */
  byte[] mutate(byte[] bytes) {
    byte[] changed = bytes;
    for (int i = random.nextInt(4); i >= 0; i--) {
      changed = once(changed);
    }
    return changed;
  }

  int nextInt(int bound) {
    return random.nextInt(bound);
  }

  private byte[] once(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int end = Math.min(bytes.length, at + 1 + random.nextInt(random.nextInt(3) > 0 ? 8 : 200));
    byte[] text = TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
    switch (random.nextInt(9)) {
      case 0:
        return with(bytes, at, end, new byte[0]);
      case 1:
        return with(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
      case 2:
        return Arrays.copyOf(bytes, at);
      case 3:
        return with(bytes, at, at, text);
      case 4:
        return number(bytes, at, text);
      case 5:
        return with(bytes, at, at, repeated(text, 1 + random.nextInt(3000)));
      case 6:
        byte[] number = new byte[random.nextBoolean() ? 8 : 4];
        ByteBuffer wide = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        wide.putLong(0, NUMBERS[random.nextInt(NUMBERS.length)]);
        wide.get(number);
        return with(bytes, at, Math.min(bytes.length, at + number.length), number);
      case 7:
        byte[] other = bytes.clone();
        for (int i = at; i < end; i++) {
          other[i] = (byte) random.nextInt(256);
        }
        return other;
      default:
        byte[] flipped = bytes.clone();
        if (at < flipped.length) {
          flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }
  }

  /** Replaces the next number in a text. */
  private static byte[] number(byte[] bytes, int from, byte[] by) {
    int start = from;
    while (start < bytes.length && !digit(bytes[start])) {
      start++;
    }
    int end = start;
    while (end < bytes.length && digit(bytes[end])) {
      end++;
    }
    return with(bytes, start, end, by);
  }

  private static boolean digit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static byte[] repeated(byte[] text, int times) {
    ByteBuffer all = ByteBuffer.allocate(text.length * times);
    for (int i = 0; i < times; i++) {
      all.put(text);
    }
    return all.array();
  }

  private static byte[] with(byte[] bytes, int from, int to, byte[] by) {
    ByteBuffer all = ByteBuffer.allocate(bytes.length - (to - from) + by.length);
    all.put(bytes, 0, from).put(by).put(bytes, to, bytes.length - to);
    return all.array();
  }
}
