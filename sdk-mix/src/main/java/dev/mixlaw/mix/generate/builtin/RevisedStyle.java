package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A style with three requests per draft: a first draft, a critique by stated principles, and a
 * revision (after Bai et al., "Constitutional AI", 2022, arXiv 2212.08073).
 */
record RevisedStyle(Style first, String principles) implements Style {
  private static final int CRITIQUE_TOKENS = 150;
  private static final PromptTemplate CRITIQUE =
      PromptTemplate.of(Resources.text("critique.txt"), Set.of("principles", "material", "draft"));
  private static final PromptTemplate REVISE =
      PromptTemplate.of(Resources.text("revise.txt"), Set.of("material", "draft", "critique"));

  @Override
  public String name() {
    return first.name() + "-revised";
  }

  @Override
  public CorpusKind kind() {
    return first.kind();
  }

  @Override
  public MaterialSource materials() {
    return first.materials();
  }

  @Override
  public Map<String, String> prompts() {
    Map<String, String> prompts = new TreeMap<>(first.prompts());
    prompts.put("critique", CRITIQUE.fill(Map.of("principles", principles)));
    prompts.put("revise", REVISE.text());
    return prompts;
  }

  @Override
  public String write(Material material, DraftSession session) {
    String draft = first.write(material, session);
    String critique =
        session.ask(
            CRITIQUE.fill(
                Map.of("principles", principles, "material", material.text(), "draft", draft)),
            "word ".repeat(CRITIQUE_TOKENS));
    return session.ask(
        REVISE.fill(Map.of("material", material.text(), "draft", draft, "critique", critique)),
        draft);
  }
}
