package dev.mixlaw.api.spi;

import java.nio.file.Path;
import java.util.Arrays;

/** Encodes text as token ids and decodes token ids to text. Tokenizers are thread-safe. */
public interface Tokenizer extends AutoCloseable {
  /** Returns the name of this tokenizer, such as {@code bpe-4096}. */
  String name();

  /** Returns the number of token ids, which range from 0 to this number minus 1. */
  int vocabulary();

  /** Returns the id of the token that ends a document. */
  int endOfText();

  /**
   * Returns the id of the token that precedes a text in the input of a model. The default
   * implementation returns {@link #endOfText}, which is correct for models that this SDK trains.
   * Other models may use a separate token.
   */
  default int beginOfText() {
    return endOfText();
  }

  /** Returns the token ids of a text. Special tokens are neither recognised nor added. */
  int[] encode(String text);

  /** Returns the text of the given token ids. Bytes that are not valid UTF-8 become U+FFFD. */
  String decode(int[] ids);

  /**
   * Returns the text that token ids add to the text of preceding ids. Decoding the ids alone is not
   * sufficient, because many tokenizers drop a space at the beginning of decoded text.
   *
   * @param before the preceding ids
   * @param ids the ids to decode
   */
  default String decodeAfter(int[] before, int[] ids) {
    int[] both = Arrays.copyOf(before, before.length + ids.length);
    System.arraycopy(ids, 0, both, before.length, ids.length);
    // The last preceding id and the first new one may each encode a part of the same character.
    String start = decode(before).replaceFirst("\uFFFD+$", "");
    String all = decode(both);
    return all.startsWith(start) ? all.substring(start.length()) : decode(ids);
  }

  /** Returns a hash of everything on which the token ids of a text depend. */
  String fingerprint();

  /**
   * Writes this tokenizer as a Hugging Face {@code tokenizer.json} file if it has this form.
   *
   * @return whether the file was written
   * @throws dev.mixlaw.api.MixlawException if the file cannot be written
   */
  boolean save(Path tokenizerJson);

  /** Frees native resources. The default implementation does nothing. */
  @Override
  default void close() {}
}
