package dev.mixlaw.mix.generate.filter;

import dev.mixlaw.mix.generate.filter.internal.FunctionWords;
import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.Scribe;
import dev.mixlaw.mix.generate.spi.Verdict;
import java.util.Optional;

record Language(Optional<String> wanted) implements DraftFilter {
  Language {
    wanted.ifPresent(FunctionWords::requireKnown);
  }

  @Override
  public String name() {
    return "language";
  }

  @Override
  public String description() {
    return wanted.orElse("the material's") + ", told by function words and script";
  }

  @Override
  public Verdict judge(Draft draft, Scribe scribe) {
    Optional<String> language = wanted.or(() -> FunctionWords.language(draft.material().text()));
    if (language.isEmpty() || FunctionWords.mayBe(draft.text(), language.get())) {
      return Verdict.kept(draft.text());
    }
    String looks = FunctionWords.language(draft.text()).orElse("another");
    return Verdict.refused("looks like " + looks + ", not " + language.get());
  }
}
