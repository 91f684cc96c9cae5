package dev.mixlaw.api.spi;

import java.nio.file.Path;
import java.util.Arrays;

/** Turns text into token ids and back. Thread-safe. */
public interface Tokenizer extends AutoCloseable {
  /** Returns the name, such as {@code bpe-4096}. */
  String name();

  /** Returns the number of ids; all ids are below it. */
  int vocabulary();

  /** Returns the id that ends a document. */
  int endOfText();

  /**
   * Returns the id that precedes a text in the input of a model. Models that this SDK trains see
   * {@link #endOfText} there, which is the default; other models may have a separate token for this
   * purpose.
   */
  default int beginOfText() {
    return endOfText();
  }

  /** Returns the ids of a text. Special tokens are neither recognised nor added. */
  int[] encode(String text);

  /** Returns the text that the ids encode. Bytes that are not UTF-8 become U+FFFD. */
  String decode(int[] ids);

  /**
   * Returns the text that ids add to the text of the preceding ids. Many tokenizers drop a space at
   * the beginning of decoded text, although a continuation needs it.
   *
   * @param before the ids whose text is continued
   * @param ids the ids that follow {@code before}
   */
  default String decodeAfter(int[] before, int[] ids) {
    int[] both = Arrays.copyOf(before, before.length + ids.length);
    System.arraycopy(ids, 0, both, before.length, ids.length);
    // The bytes of a character may be divided between the last preceding id and the first new one.
    String start = decode(before).replaceFirst("\uFFFD+$", "");
    String all = decode(both);
    return all.startsWith(start) ? all.substring(start.length()) : decode(ids);
  }

  /** Returns a hash of everything that determines the ids of a text. */
  String fingerprint();

  /**
   * Writes a Hugging Face {@code tokenizer.json} if this tokenizer has one.
   *
   * @return whether the file was written
   * @throws dev.mixlaw.api.MixlawException if the file cannot be written
   */
  boolean save(Path tokenizerJson);

  /** Frees native resources; does nothing by default. */
  @Override
  default void close() {}
}
