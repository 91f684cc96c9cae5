package dev.mixlaw.mix.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

/**
 * The character map of a SentencePiece normalizer. The map consists of the length of a double-array
 * trie in bytes, the trie (Darts-clone, units of 32 bits), and the texts to which the values of the
 * trie point. All numbers are little-endian. Hugging Face's library does not check the indices in
 * the trie and crashes the JVM if one is out of bounds.
 */
final class PrecompiledMap {
  private static final int LEAF = 1 << 31;

  private PrecompiledMap() {}

  /** Throws an exception if the map in a file is damaged or missing. */
  static void check(JsonNode root, Path file) {
    for (JsonNode normalizer : root.path("normalizer").findParents("type")) {
      if (normalizer.path("type").asText().equals("Precompiled")
          && !sound(normalizer.path("precompiled_charsmap").asText())) {
        throw TokenizerJson.unreadable(file, "its precompiled_charsmap is damaged", null);
      }
    }
  }

  private static boolean sound(String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (!Base64.getEncoder().encodeToString(bytes).equals(base64) || bytes.length < 8) {
        return false;
      }
      ByteBuffer map = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      long size = Integer.toUnsignedLong(map.getInt()) / 4;
      if (size == 0 || size > map.remaining() / 4) {
        return false;
      }
      int[] units = new int[(int) size];
      map.asIntBuffer().get(units);
      byte[] texts = Arrays.copyOfRange(bytes, 4 + 4 * units.length, bytes.length);
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
      for (int i = 0; i < units.length; i++) {
        if ((i == 0 || (units[i] & LEAF) == 0) && !inside(units, i, texts)) {
          return false;
        }
      }
      return true;
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return false;
    }
  }

  /**
   * Returns whether the indices of all children of a unit are in bounds, and its value, if any, is
   * the start of a text.
   */
  private static boolean inside(int[] units, int i, byte[] texts) {
    long offset = (long) (units[i] >>> 10) << ((units[i] & 1 << 9) >> 6);
    long children = i ^ offset; // the child of a byte is at children ^ byte
    if ((children | 0xFF) >= units.length) {
      return false;
    }
    int value = units[(int) children] & ~LEAF;
    return (units[i] & 1 << 8) == 0
        || value == texts.length
        || (value < texts.length && (texts[value] & 0xC0) != 0x80);
  }
}
