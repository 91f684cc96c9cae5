package dev.mixlaw.mix.generate.spi;

import dev.mixlaw.api.results.CorpusKind;
import java.util.Map;

/**
 * A style, which defines the prompts for drafts and the texts that are inserted into the prompts.
 * Implementations must be thread-safe.
 */
public interface Style {
  /** Returns the name of this style, such as {@code hq}. */
  String name();

  /** Returns the kind of corpus that this style produces. */
  CorpusKind kind();

  /** Returns the default source of the texts from which drafts are written. */
  MaterialSource materials();

  /**
   * Returns the prompts with their placeholders, as a map from names to prompts. The data card
   * shows the prompts.
   */
  Map<String, String> prompts();

  /** Writes one draft, with one or more requests. */
  String write(Material material, DraftSession session);
}
