package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.LanguageDetector;
import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Refuses drafts in another language.
 *
 * @param wanted the language; empty for the language of the material
 */
record LanguageFilter(Optional<Language> wanted) implements DraftFilter {

  @Override
  public String name() {
    return "language";
  }

  @Override
  public String description() {
    return wanted.map(Language::code).orElse("the material's")
        + ", told by function words and script";
  }

  @Override
  public Verdict judge(Draft draft, DraftSession session) {
    var allowed =
        wanted.map(List::of).orElseGet(() -> LanguageDetector.candidates(draft.material().text()));
    var found = LanguageDetector.candidates(draft.text());
    return allowed.isEmpty() || found.isEmpty() || !Collections.disjoint(allowed, found)
        ? Verdict.kept(draft.text())
        : Verdict.refused("looks like " + found.get(0).code() + ", not " + allowed.get(0).code());
  }
}
