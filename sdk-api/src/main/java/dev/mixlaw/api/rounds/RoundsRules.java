package dev.mixlaw.api.rounds;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The rules that a description of rounds must satisfy before any text is read. */
final class RoundsRules {
  private final Rounds rounds;
  private final List<Problem> problems = new ArrayList<>();

  private RoundsRules(Rounds rounds) {
    this.rounds = rounds;
  }

  static List<Problem> problems(Rounds rounds) {
    RoundsRules rules = new RoundsRules(rounds);
    rules.study();
    rules.rounds();
    rules.writing(rounds.writing());
    return rules.problems;
  }

  private void problem(String subject, Object actual, String expected, String fix) {
    problems.add(new Problem("rounds: " + subject, String.valueOf(actual), expected, fix));
  }

  /** Checks round 0 as a study. Reports missing settings of the rounds only once. */
  private void study() {
    Study study = rounds.round0();
    if (rounds.model().isEmpty()) {
      problem("model", "none", "one", "call Rounds.model");
      study = study.models(ModelSpec.of("missing", 2, 1, 1, 1));
    }
    if (rounds.tokens().isEmpty()) {
      problem("tokens", "none", "a number such as 300k", "call Rounds.tokens");
      study = study.budgets("1");
    }
    problems.addAll(study.problems());
  }

  private void rounds() {
    if (rounds.rounds() < 1) {
      problem("rounds after round 0", rounds.rounds(), "at least 1", "change Rounds.rounds");
    }
    if (rounds.strategies().isEmpty()) {
      problem("strategies", "none", "at least one", "call Rounds.strategy");
    }
    if (new HashSet<>(rounds.strategies()).size() < rounds.strategies().size()) {
      problem("strategies", rounds.strategies(), "each strategy once", "change Rounds.strategy");
    }
    if (rounds.corpus().kind().synthetic()) {
      problem(
          "corpus " + rounds.corpus().name(),
          rounds.corpus().kind(),
          "natural text",
          "call Corpus.natural or use another corpus");
    }
  }

  private void writing(Writing w) {
    if (!(w.temperature() > 0) || Double.isInfinite(w.temperature())) {
      problem("temperature", w.temperature(), "finite and above 0", "change Writing.temperature");
    }
    if (!(w.topP() > 0 && w.topP() <= 1)) {
      problem("top-p", w.topP(), "above 0, at most 1", "change Writing.topP");
    }
    if (w.promptTokens() < 0) {
      problem("tokens per prompt", w.promptTokens(), "0 or more", "change Writing.fromPrefixes");
    }
    int most = w.maxTokens().orElse(1);
    if (most < 1) {
      problem(
          "largest number of tokens per document", most, "at least 1", "change Writing.maxTokens");
    }
    int prompt = 1 + w.promptTokens(); // An end-of-text token precedes the prompt.
    rounds
        .model()
        .filter(m -> m.context() - prompt < most)
        .ifPresent(
            m ->
                problem(
                    "context of model " + m.name(),
                    "%s tokens for a prompt of %s tokens and a text of %s"
                        .formatted(m.context(), prompt, most),
                    "a prompt and a text that fit into the context together",
                    "change Writing or ModelSpec.withContext"));
    rounds
        .tokens()
        .filter(t -> rounds.writtenTokens().count() * rounds.maxRepeats() < t.count())
        .ifPresent(
            t ->
                problem(
                    "tokens written per round",
                    rounds.writtenTokens(),
                    "at least " + t + " / " + rounds.maxRepeats() + " repeats",
                    "raise Writing.tokens or Rounds.maxRepeats"));
  }
}
