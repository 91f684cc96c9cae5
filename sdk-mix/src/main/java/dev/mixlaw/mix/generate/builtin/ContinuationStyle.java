package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.Map;

/** A beginning and what the generator wrote after it. */
record ContinuationStyle(OpeningSource materials) implements Style {
  private static final int EXPECTED_TOKENS = 500;

  @Override
  public String name() {
    return "continuation";
  }

  @Override
  public CorpusKind kind() {
    return CorpusKind.OTHER;
  }

  @Override
  public Map<String, String> prompts() {
    return Map.of(name(), "{text}");
  }

  @Override
  public String write(Material material, DraftSession session) {
    return material.text() + session.ask(material.text(), "text ".repeat(EXPECTED_TOKENS));
  }
}
