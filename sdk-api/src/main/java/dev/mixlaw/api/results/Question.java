package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A question that asks whether two mixtures differ. The primary questions of a study are chosen
 * before it runs, and their p-values are adjusted together. All other findings are exploratory;
 * {@link Findings#compare} looks up any of them.
 *
 * <pre>{@code
 * study.asks(
 *     Question.compare("hq-33").until(0.02, 10),
 *     Question.compare("hq-33").with("hq").at("10M", tokens("200M")))
 * }</pre>
 *
 * @param mixture name of the mixture
 * @param other name of the mixture to compare with; the baseline of the study by default
 * @param model name of the model; the largest model by default
 * @param budget number of training tokens; the largest budget by default
 * @param domain name of the domain; by default {@value FittedLaw#MACRO}, the mean over all domains
 * @param width width of the 95 % confidence interval at which no more seeds are needed; without a
 *     width, the runs of the study do not depend on their results
 * @param mostSeeds largest number of seeds of a mixture for this question; empty without a width
 */
public record Question(
    String mixture,
    Optional<String> other,
    Optional<String> model,
    Optional<Tokens> budget,
    String domain,
    OptionalDouble width,
    OptionalInt mostSeeds) {
  /** Checks that no component is null. */
  public Question {
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(other, "other");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(width, "width");
    Objects.requireNonNull(mostSeeds, "mostSeeds");
  }

  /** Returns a question that asks whether a mixture differs from the baseline. */
  public static Question compare(String mixture) {
    return new Question(
        mixture,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        FittedLaw.MACRO,
        OptionalDouble.empty(),
        OptionalInt.empty());
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
    return new Question(mixture, Optional.of(newOther), model, budget, domain, width, mostSeeds);
  }

  /** Sets the model and the budget; the largest ones of the study by default. */
  public Question at(String newModel, Tokens newBudget) {
    return new Question(
        mixture, other, Optional.of(newModel), Optional.of(newBudget), domain, width, mostSeeds);
  }

  /** Sets the domain; the mean over all domains by default. */
  public Question on(String newDomain) {
    return new Question(mixture, other, model, budget, newDomain, width, mostSeeds);
  }

  /**
   * Adds a stopping rule, which is part of the plan like the question. {@link
   * dev.mixlaw.api.Lab#run} then adds seeds of both mixtures at this model and budget until the
   * confidence interval of the difference is narrow enough. The rule looks only at the width of the
   * interval, not at the difference. In simulations, 94 to 96 % of such intervals contain the true
   * difference. The question must refer to the mean over all domains, and the seed noise must be
   * known from at least two seeds of a mixture.
   *
   * @param newWidth largest width of the interval in the unit of the loss, above 0
   * @param newMostSeeds number of seeds of a mixture, including failed ones, at which no more are
   *     added; at least 2
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Question until(double newWidth, int newMostSeeds) {
    if (!(newWidth > 0) || Double.isInfinite(newWidth) || newMostSeeds < 2) {
      throw new IllegalArgumentException(
          "until: width %s, %s seeds; expected a finite width above 0 and at least 2 seeds"
              .formatted(newWidth, newMostSeeds));
    }
    return new Question(
        mixture,
        other,
        model,
        budget,
        domain,
        OptionalDouble.of(newWidth),
        OptionalInt.of(newMostSeeds));
  }

  /** Returns the same question without a stopping rule. */
  public Question withoutRule() {
    return new Question(
        mixture, other, model, budget, domain, OptionalDouble.empty(), OptionalInt.empty());
  }

  @Override
  public String toString() {
    return "%s against %s at %s, %s, on %s%s"
        .formatted(
            mixture,
            other.orElse("the baseline"),
            model.map(m -> "model " + m).orElse("the largest model"),
            budget.map(b -> b + " tokens").orElse("the largest budget"),
            domain.equals(FittedLaw.MACRO) ? "the mean of domains" : domain,
            width.isEmpty()
                ? ""
                : ", until its interval is %s wide or both have %s seeds"
                    .formatted(width.getAsDouble(), mostSeeds.orElseThrow()));
  }
}
