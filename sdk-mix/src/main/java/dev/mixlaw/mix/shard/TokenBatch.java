package dev.mixlaw.mix.shard;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of consecutive documents, as in a shard.
 *
 * @param ids token ids, with the end-of-text token after each document
 * @param tokens number of tokens of each document, including the end-of-text token
 * @param bytes size of the text of each document in UTF-8 bytes
 * @param end facts about the part of the text that ends with these documents; null if the part
 *     continues
 */
public record TokenBatch(byte[] ids, int[] tokens, int[] bytes, @Nullable PartEnd end)
    implements Serializable {
  /**
   * Facts about a part of a text.
   *
   * @param fingerprint hash of its documents
   * @param skipped number of malformed records
   * @param examples descriptions of the first few malformed records
   */
  public record PartEnd(String fingerprint, long skipped, List<String> examples)
      implements Serializable {}

  public static TokenBatch of(
      List<Document> documents, Tokenizer tokenizer, @Nullable PartEnd end) {
    int width = ShardHeader.widthFor(tokenizer.vocabulary());
    ByteArrayOutputStream ids = new ByteArrayOutputStream();
    int[] tokens = new int[documents.size()];
    int[] bytes = new int[documents.size()];
    for (int i = 0; i < tokens.length; i++) {
      String text = documents.get(i).text();
      int[] encoded = tokenizer.encode(text);
      ids.writeBytes(bytes(encoded, tokenizer, width));
      tokens[i] = encoded.length + 1;
      bytes[i] = Utf8.length(text);
    }
    return new TokenBatch(ids.toByteArray(), tokens, bytes, end);
  }

  private static byte[] bytes(int[] ids, Tokenizer tokenizer, int width) {
    ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(ids.length + 1, width));
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    for (int id : ids) {
      if (id < 0 || id >= tokenizer.vocabulary()) {
        throw new IllegalStateException(
            "tokenizer %s: id %s; expected 0 to %s"
                .formatted(tokenizer.name(), id, tokenizer.vocabulary() - 1));
      }
      put(buffer, id, width);
    }
    put(buffer, tokenizer.endOfText(), width);
    return buffer.array();
  }

  private static void put(ByteBuffer buffer, int id, int width) {
    if (width == Short.BYTES) {
      buffer.putShort((short) id);
    } else {
      buffer.putInt(id);
    }
  }
}
