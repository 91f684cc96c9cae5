package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Verdict;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes lead-ins, closing offers, code fences and reasoning from drafts. */
record LeadInFilter() implements DraftFilter {
  private static final Pattern THOUGHT =
      Pattern.compile("\\A\\s*<think>.*?</think>", Pattern.DOTALL);
  private static final Pattern FENCE =
      Pattern.compile("\\A```[a-z]*\\s*\\n((?:(?!```).)*)\\n```\\Z", Pattern.DOTALL);
  private static final List<Pattern> OPENINGS = PhrasePatterns.read("openings.txt");
  private static final List<Pattern> CLOSINGS = PhrasePatterns.read("closings.txt");

  @Override
  public String name() {
    return "lead-ins";
  }

  @Override
  public String description() {
    return "takes off reasoning in tags, fences, lead-ins and closing offers (English)";
  }

  @Override
  public Verdict judge(Draft draft, DraftSession session) {
    String text = THOUGHT.matcher(draft.text()).replaceFirst("").strip();
    if (text.startsWith("<think>")) {
      return Verdict.refused("reasoning without an end");
    }
    // A later pattern may match what an earlier one exposes: "Sure!", then "Here is the text:".
    for (Pattern opening : OPENINGS) {
      text = opening.matcher(text).replaceFirst("").strip();
    }
    for (Pattern closing : CLOSINGS) {
      text = closing.matcher(text).replaceFirst("").strip();
    }
    Matcher fence = FENCE.matcher(text);
    return Verdict.kept(fence.matches() ? fence.group(1).strip() : text);
  }
}
