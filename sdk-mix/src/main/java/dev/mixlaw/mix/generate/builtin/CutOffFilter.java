package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Verdict;

/** Refuses drafts that ended at the token limit. */
record CutOffFilter() implements DraftFilter {
  @Override
  public String name() {
    return "whole";
  }

  @Override
  public String description() {
    return "refuses answers cut off at the limit of tokens";
  }

  @Override
  public Verdict judge(Draft draft, DraftSession session) {
    return draft.cutOff()
        ? Verdict.refused("cut off at the limit of tokens")
        : Verdict.kept(draft.text());
  }
}
