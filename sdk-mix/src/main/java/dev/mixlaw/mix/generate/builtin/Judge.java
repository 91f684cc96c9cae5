package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftSession;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rejects drafts to which a generator assigns a low score.
 *
 * @param by generator that scores the drafts; empty for the generator that wrote them
 */
record Judge(String criteria, int least, Optional<TextGenerator> by) {
  private static final PromptTemplate PROMPT =
      PromptTemplate.of(Resources.text("judge.txt"), Set.of("criteria", "material", "draft"));

  /** Matches a score. A scale before the score is skipped, as in "Score (1-5): 4". */
  private static final Pattern SCORE =
      Pattern.compile(
          "score(?:\\s*[(\\[][^)\\]\\n]{0,20}[)\\]])?+\\W{0,6}([1-5])(?:[.,]0+)?+"
              + "(?![0-9]|[.,][0-9]|\\s*[-–—]\\s*[0-9])",
          Pattern.CASE_INSENSITIVE);

  private static final String EXPECTED_ANSWER =
      "It says what the material says and reads well.\nScore: 5";

  Judge {
    if (least < 1 || least > 5) {
      throw new IllegalArgumentException("least score: " + least + "; expected 1 to 5");
    }
  }

  String description() {
    return "score of 1 to 5 by %s, at least %s, for: %s"
        .formatted(by.map(TextGenerator::name).orElse("the generator itself"), least, criteria);
  }

  Draft judge(Draft draft, DraftSession session) {
    String prompt =
        PROMPT.fill(
            Map.of(
                "criteria", criteria,
                "material", draft.material().text(),
                "draft", draft.text()));
    String answer = by.map(session::with).orElse(session).ask(prompt, EXPECTED_ANSWER);
    // The last score counts, because a judge that reasons aloud may mention other scores before it.
    Optional<Integer> score =
        SCORE
            .matcher(answer)
            .results()
            .map(m -> Integer.valueOf(m.group(1)))
            .reduce((first, second) -> second);
    if (score.isEmpty()) {
      return draft.rejected("the judge gave no score");
    }
    return score.get() >= least
        ? draft.scored(score.get())
        : draft.rejected("score " + score.get());
  }
}
