package dev.mixlaw.mix.generate.spi;

import dev.mixlaw.api.results.CorpusKind;
import java.util.Map;

/**
 * Defines how drafts are written: the prompts and their materials. Safe for use by several threads.
 */
public interface Style {
  /** Returns the name, such as {@code hq}. */
  String name();

  /** Returns the kind of corpus that this style produces. */
  CorpusKind kind();

  /** Returns the default source of materials. */
  MaterialSource materials();

  /** Returns the prompts with their placeholders, by name, for the data card. */
  Map<String, String> prompts();

  /** Writes one draft with one or more requests. */
  String write(Material material, DraftSession session);
}
