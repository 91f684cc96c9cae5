package dev.mixlaw.mix.generate.spi;

import dev.mixlaw.api.DocumentSource;
import java.util.function.Consumer;

/**
 * A source of the texts from which drafts are written. Each draft is written from one {@link
 * Material}.
 */
public interface MaterialSource {
  /**
   * Returns a description of this source for the data card, such as {@code passages of at most 350
   * tokens, cut at sentence ends}.
   */
  String description();

  /**
   * Passes all materials to a consumer. The same documents and the same seed always give the same
   * materials in the same order.
   *
   * @param documents documents of the source corpus
   * @param session session that provides the seed and counts tokens; if a generator writes the
   *     materials, requests to it are also sent through the session
   * @param consumer receives the materials; it may block, and it may end this method by throwing an
   *     exception
   */
  void make(DocumentSource documents, DraftSession session, Consumer<Material> consumer);
}
