package dev.mixlaw.mix.generate.spi;

import dev.mixlaw.api.DocumentSource;
import java.util.function.Consumer;

/** Makes materials from a corpus, one for each draft. */
public interface MaterialSource {
  /**
   * Returns a description for the data card, such as {@code passages of at most 350 tokens, cut at
   * sentence ends}.
   */
  String description();

  /**
   * Makes all materials. The same documents and seed give the same materials in the same order.
   *
   * @param documents documents of the source corpus
   * @param session session that provides the seed, counts tokens, and sends requests for materials
   *     that are themselves generated
   * @param consumer receives the materials; it may block, and may stop the method with an exception
   */
  void make(DocumentSource documents, DraftSession session, Consumer<Material> consumer);
}
