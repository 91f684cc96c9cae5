package dev.mixlaw.mix.generate.style;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.Materials;
import dev.mixlaw.mix.generate.spi.Scribe;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.Map;

/**
 * One request a draft.
 *
 * @param template with the placeholder {@code text} for the material
 * @param likelyTokens of an answer, for plans; 0 if as long as the material
 */
record PromptStyle(
    String name, CorpusKind kind, Materials materials, Template template, int likelyTokens)
    implements Style {
  @Override
  public Map<String, String> prompts() {
    return Map.of(name, template.text());
  }

  @Override
  public String write(Material material, Scribe scribe) {
    String likely = likelyTokens == 0 ? material.text() : "text ".repeat(likelyTokens);
    return scribe.ask(template.fill(Map.of("text", material.text())), likely);
  }
}
