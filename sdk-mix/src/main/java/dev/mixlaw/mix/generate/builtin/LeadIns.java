package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.generate.spi.Draft;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class LeadIns {
  private static final Pattern FENCE_LINE = Pattern.compile("```[a-z]*\\s*\\n");
  private static final List<Pattern> OPENINGS = Resources.patterns("openings.txt");
  private static final List<Pattern> CLOSINGS = Resources.patterns("closings.txt");

  private LeadIns() {}

  /** Removes lead-ins, closing offers, code fences and reasoning. Rejects unfinished reasoning. */
  static Draft remove(Draft draft) {
    Optional<String> answer = Reasoning.remove(draft.text());
    if (answer.isEmpty()) {
      return draft.rejected("the reasoning does not end");
    }
    String text = answer.get();
    // A later pattern may match what an earlier one exposes: "Sure!", then "Here is the text:".
    for (Pattern opening : OPENINGS) {
      text = opening.matcher(text).replaceFirst("").strip();
    }
    for (Pattern closing : CLOSINGS) {
      text = closing.matcher(text).replaceFirst("").strip();
    }
    return draft.withText(unfenced(text));
  }

  private static String unfenced(String text) {
    Matcher first = FENCE_LINE.matcher(text);
    int end = text.length() - 4;
    return first.lookingAt()
            && first.end() <= end
            && text.startsWith("\n```", end)
            && text.indexOf("```", 3) == end + 1
        ? text.substring(first.end(), end).strip()
        : text;
  }
}
