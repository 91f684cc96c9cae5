package dev.mixlaw.api.spi;

import java.nio.file.Path;

/** Turns text into token ids and back. Safe for use by several threads. */
public interface Tokenizer extends AutoCloseable {
  /** Such as {@code bpe-4096}. */
  String name();

  /** Number of ids; all ids are below it. */
  int vocabulary();

  /** Id that ends a document. */
  int endOfText();

  /** Ids of a text, special tokens not recognised in it and none added. */
  int[] encode(String text);

  /** Text of ids; bytes that are not UTF-8 become U+FFFD. */
  String decode(int[] ids);

  /** Hash of everything that decides which ids a text has. */
  String fingerprint();

  /**
   * Writes a Hugging Face {@code tokenizer.json}.
   *
   * @return whether this tokenizer can be written so
   */
  boolean save(Path tokenizerJson);

  @Override
  default void close() {}
}
