package dev.mixlaw.api;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The {@linkplain Question#until stopping rules} of questions, which add seeds to a study. */
final class StoppingRules {
  private StoppingRules() {}

  /**
   * Returns the runs that the rules require next. Some of them can be in the study already.
   *
   * @param found findings of the runs so far
   * @param refusals receives the reason for each rule that cannot be applied
   */
  static Set<RunKey> next(List<Question> questions, Findings found, Consumer<Refusal> refusals) {
    Set<RunKey> more = new LinkedHashSet<>();
    for (Question question : questions) {
      if (question.width().isPresent()) {
        Answer<List<RunKey>> next = next(question, found);
        next.toOptional().ifPresent(more::addAll);
        next.toRefusal().ifPresent(refusals);
      }
    }
    return more;
  }

  /** Returns the runs that a rule adds. Seeds whose runs failed count, so that the rule ends. */
  private static Answer<List<RunKey>> next(Question question, Findings found) {
    return found
        .compare(question)
        .flatMap(
            c -> {
              long params =
                  found.runs().stream()
                      .filter(run -> run.key().model().equals(c.model()))
                      .mapToLong(RunResult::nonEmbeddingParameters)
                      .findFirst()
                      .orElseThrow();
              int seeds = question.mostSeeds().orElseThrow();
              return found
                  .design(new Params(params), c.budget(), c.mixture(), c.baseline())
                  .atMost(seeds)
                  .reach(question.width().orElseThrow())
                  .map(choice -> choice.runs().stream().filter(r -> r.seed() < seeds).toList());
            })
        .withQuestion("more seeds for " + question);
  }
}
