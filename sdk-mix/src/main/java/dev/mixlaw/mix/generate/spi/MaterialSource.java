package dev.mixlaw.mix.generate.spi;

import dev.mixlaw.api.DocumentSource;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/** Cuts a corpus into what is written about, one draft each. */
public interface MaterialSource {
  /** In words, for the data card: {@code passages of at most 350 tokens, cut at sentence ends}. */
  String description();

  /**
   * Makes all materials, always the same ones in the same order for the same supply.
   *
   * @param to takes them; may block, and may end the making by an exception
   */
  void make(Supply supply, Consumer<Material> to);

  /**
   * What materials are made with.
   *
   * @param documents of the source corpus
   * @param tokens counts a text's tokens
   * @param seed decides what is drawn at random
   * @param scribe asks the generator, for materials that are themselves written
   */
  record Supply(
      DocumentSource documents, ToIntFunction<String> tokens, long seed, DraftSession scribe) {}
}
