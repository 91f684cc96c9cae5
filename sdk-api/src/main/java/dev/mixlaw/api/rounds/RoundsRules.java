package dev.mixlaw.api.rounds;

import dev.mixlaw.api.Problem;
import dev.mixlaw.api.StudyRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What must hold of a description of rounds, before any text is read. */
final class RoundsRules {
  private RoundsRules() {}

  /** All problems of a description; empty if it is sound. */
  static List<Problem> problems(Rounds r) {
    List<Problem> problems = new ArrayList<>();
    if (r.model().isEmpty()) {
      problems.add(problem("model", "none", "one", "Rounds.model"));
    }
    if (r.tokens().isEmpty()) {
      problems.add(problem("tokens", "none", "a number such as 300k", "Rounds.tokens"));
    }
    StudyRules.problems(r.round0()).stream()
        .filter(p -> !p.fix().equals("Study.models") && !p.fix().equals("Study.budgets"))
        .forEach(problems::add);
    if (r.rounds() < 1) {
      problems.add(problem("rounds after round 0", r.rounds(), "at least 1", "Rounds.rounds"));
    }
    if (r.strategies().isEmpty()) {
      problems.add(problem("strategies", "none", "at least one", "Rounds.strategy"));
    }
    if (new HashSet<>(r.strategies()).size() < r.strategies().size()) {
      problems.add(problem("strategies", r.strategies(), "each once", "Rounds.strategy"));
    }
    if (r.corpus().kind().synthetic()) {
      problems.add(
          problem(
              "corpus " + r.corpus().name(), r.corpus().kind(), "natural text", "Corpus.natural"));
    }
    writing(r, problems);
    return problems;
  }

  private static void writing(Rounds r, List<Problem> problems) {
    Writing w = r.writing();
    if (!(w.temperature() > 0) || Double.isInfinite(w.temperature())) {
      problems.add(
          problem("temperature", w.temperature(), "finite and above 0", "Writing.temperature"));
    }
    if (!(w.topP() > 0 && w.topP() <= 1)) {
      problems.add(problem("top-p", w.topP(), "above 0, at most 1", "Writing.topP"));
    }
    if (w.promptTokens() < 0) {
      problems.add(
          problem("tokens of a prompt", w.promptTokens(), "0 or more", "Writing.fromPrefixes"));
    }
    if (w.maxTokens().isPresent() && w.maxTokens().getAsInt() < 1) {
      problems.add(
          problem(
              "most tokens of a document",
              w.maxTokens().getAsInt(),
              "at least 1",
              "Writing.maxTokens"));
    }
    r.model()
        .ifPresent(
            m -> {
              int prompt = 1 + w.promptTokens(); // an end of text before it
              int room = m.context() - prompt;
              int asked = w.maxTokens().orElse(1);
              if (room < asked) {
                problems.add(
                    problem(
                        "context of model " + m.name(),
                        m.context() + " tokens for a prompt of " + prompt + " and " + asked,
                        "prompt and text together at most the context",
                        "Writing or ModelSpec.withContext"));
              }
            });
    if (r.tokens().isPresent()
        && r.writtenTokens().count() * r.maxRepeats() < r.tokens().get().count()) {
      problems.add(
          problem(
              "tokens written a round",
              r.writtenTokens(),
              "at least " + r.tokens().get() + " / " + r.maxRepeats() + " repeats",
              "Writing.tokens or Rounds.maxRepeats"));
    }
  }

  private static Problem problem(String what, Object actual, String allowed, String setting) {
    return new Problem("rounds: " + what, String.valueOf(actual), allowed, setting);
  }
}
