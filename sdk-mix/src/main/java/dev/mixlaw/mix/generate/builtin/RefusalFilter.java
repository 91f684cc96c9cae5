package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses drafts in which a language model declines or speaks of itself. */
record RefusalFilter() implements DraftFilter {
  private static final List<Pattern> PHRASES = PhrasePatterns.read("refusals.txt");

  @Override
  public String name() {
    return "refusals";
  }

  @Override
  public String description() {
    return "refuses answers that are refusals or speak of being a language model (English)";
  }

  @Override
  public Verdict judge(Draft draft, DraftSession session) {
    String text = draft.text().strip().replace('’', '\'');
    Optional<String> found =
        PHRASES.stream()
            .map(p -> p.matcher(text))
            .filter(Matcher::find)
            .map(MatchResult::group)
            .findFirst();
    return found.isEmpty()
        ? Verdict.kept(draft.text())
        : Verdict.refused("says \"" + found.get() + "\"");
  }
}
