package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Verdict;
import java.util.Optional;
import java.util.function.Function;

/**
 * A filter that keeps drafts as they are or refuses them, without a request.
 *
 * @param refusal function that returns the reason for a refusal; empty if the draft is kept
 */
record RuleFilter(String name, String description, Function<Draft, Optional<String>> refusal)
    implements DraftFilter {
  @Override
  public Verdict judge(Draft draft, DraftSession session) {
    return refusal.apply(draft).map(Verdict::refused).orElseGet(() -> Verdict.kept(draft.text()));
  }
}
