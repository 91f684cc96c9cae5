package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.Map;

/** A task and the generator's answer to it. */
record SelfInstructStyle(SelfInstructSource materials) implements Style {
  private static final int EXPECTED_TOKENS = 200;

  @Override
  public String name() {
    return "self-instruct";
  }

  @Override
  public CorpusKind kind() {
    return CorpusKind.OTHER;
  }

  @Override
  public Map<String, String> prompts() {
    return Map.of(name(), "{text}", "tasks", SelfInstructSource.prompt());
  }

  @Override
  public String write(Material material, DraftSession session) {
    String solution = session.ask(material.text(), "text ".repeat(EXPECTED_TOKENS)).strip();
    return solution.isEmpty() ? "" : material.text() + "\n\n" + solution;
  }
}
