package dev.mixlaw.api.spi;

import java.nio.file.Path;

/** Turns text into token ids and back. Safe for use by several threads. */
public interface Tokenizer extends AutoCloseable {
  /** Returns the name, such as {@code bpe-4096}. */
  String name();

  /** Returns the number of ids; all ids are below it. */
  int vocabulary();

  /** Returns the id that ends a document. */
  int endOfText();

  /** Returns the ids of a text. Special tokens are neither recognised nor added. */
  int[] encode(String text);

  /** Returns the text of ids. Bytes that are not UTF-8 become U+FFFD. */
  String decode(int[] ids);

  /** Returns a hash of everything that decides the ids of a text. */
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
