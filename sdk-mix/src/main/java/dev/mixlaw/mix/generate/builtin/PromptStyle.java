package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * A style with one request per draft.
 *
 * @param template the prompt, in which the placeholder {@code text} is replaced
 * @param expectedTokens expected number of tokens per answer, for plans; 0 for the length of the
 *     source text
 * @param draft function that makes the draft from the source text and the answer
 */
record PromptStyle(
    String name,
    CorpusKind kind,
    MaterialSource materials,
    Map<String, String> prompts,
    PromptTemplate template,
    int expectedTokens,
    BinaryOperator<String> draft)
    implements Style {
  @Override
  public String write(Material material, DraftSession session) {
    String text = material.text();
    String expected = expectedTokens == 0 ? text : "text ".repeat(expectedTokens);
    return draft.apply(text, session.ask(template.fill(Map.of("text", text)), expected));
  }
}
