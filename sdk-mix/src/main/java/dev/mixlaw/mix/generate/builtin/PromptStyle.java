package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.Map;

/**
 * One request a draft.
 *
 * @param template with the placeholder {@code text} for the material
 * @param expectedTokens of an answer, for plans; 0 if as long as the material
 */
record PromptStyle(
    String name,
    CorpusKind kind,
    MaterialSource materials,
    PromptTemplate template,
    int expectedTokens)
    implements Style {
  @Override
  public Map<String, String> prompts() {
    return Map.of(name, template.text());
  }

  @Override
  public String write(Material material, DraftSession session) {
    String expected = expectedTokens == 0 ? material.text() : "text ".repeat(expectedTokens);
    return session.ask(template.fill(Map.of("text", material.text())), expected);
  }
}
