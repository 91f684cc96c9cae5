package dev.mixlaw.mix.generate.filter;

import dev.mixlaw.mix.generate.filter.internal.FunctionWords;
import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.Scribe;
import dev.mixlaw.mix.generate.spi.Verdict;
import java.util.Collections;
import java.util.List;
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
    List<String> allowed =
        wanted.map(List::of).orElseGet(() -> FunctionWords.candidates(draft.material().text()));
    List<String> found = FunctionWords.candidates(draft.text());
    return allowed.isEmpty() || found.isEmpty() || !Collections.disjoint(allowed, found)
        ? Verdict.kept(draft.text())
        : Verdict.refused("looks like " + found.get(0) + ", not " + allowed.get(0));
  }
}
