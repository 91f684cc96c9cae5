package dev.mixlaw.mix.generate.spi;

import dev.mixlaw.api.results.CorpusKind;
import java.util.Map;

/** How drafts are written: by which prompts, from which materials. Safe for several threads. */
public interface Style {
  /** Such as {@code hq}. */
  String name();

  /** Of the corpus that it makes. */
  CorpusKind kind();

  /** What it is best written from. */
  MaterialSource materials();

  /** Its prompts with their placeholders, by name, for the data card. */
  Map<String, String> prompts();

  /** Writes one draft, in as many requests as it takes. */
  String write(Material material, DraftSession scribe);
}
