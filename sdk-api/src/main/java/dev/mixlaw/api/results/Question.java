package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;

/**
 * A question that asks whether two mixtures differ. The primary questions of a study are chosen
 * before it runs, and their p-values are adjusted together. All other findings are exploratory;
 * {@link Findings#compare} looks up any of them.
 *
 * <pre>{@code
 * study.asks(Question.compare("hq-33"), Question.compare("hq-33").with("hq").at("10M", tokens("200M")))
 * }</pre>
 *
 * @param mixture name of the mixture
 * @param other name of the mixture to compare with; the baseline of the study by default
 * @param model name of the model; the largest model by default
 * @param budget number of training tokens; the largest budget by default
 * @param domain name of the domain; by default {@value FittedLaw#MACRO}, the mean over all domains
 */
public record Question(
    String mixture,
    Optional<String> other,
    Optional<String> model,
    Optional<Tokens> budget,
    String domain) {
  /** Checks that no component is null. */
  public Question {
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(other, "other");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(domain, "domain");
  }

  /** Returns a question that asks whether a mixture differs from the baseline. */
  public static Question compare(String mixture) {
    return new Question(
        mixture, Optional.empty(), Optional.empty(), Optional.empty(), FittedLaw.MACRO);
  }

  /** Returns the question that a comparison answers. */
  public static Question of(Comparison answer) {
    return compare(answer.mixture())
        .with(answer.baseline())
        .at(answer.model(), answer.budget())
        .on(answer.domain());
  }

  /** Sets the mixture to compare with; the baseline of the study by default. */
  public Question with(String newOther) {
    return new Question(mixture, Optional.of(newOther), model, budget, domain);
  }

  /** Sets the model and the budget; the largest ones of the study by default. */
  public Question at(String newModel, Tokens newBudget) {
    return new Question(mixture, other, Optional.of(newModel), Optional.of(newBudget), domain);
  }

  /** Sets the domain; the mean over all domains by default. */
  public Question on(String newDomain) {
    return new Question(mixture, other, model, budget, newDomain);
  }

  @Override
  public String toString() {
    return "%s against %s at %s, %s, on %s"
        .formatted(
            mixture,
            other.orElse("the baseline"),
            model.map(m -> "model " + m).orElse("the largest model"),
            budget.map(b -> b + " tokens").orElse("the largest budget"),
            domain.equals(FittedLaw.MACRO) ? "the mean of domains" : domain);
  }
}
