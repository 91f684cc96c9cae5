package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;

/**
 * The effect of the generator: two mixtures with the same shares and kinds of text, whose synthetic
 * text was written by different generators.
 *
 * <p>The kinds are those that the corpora declare, so prompts may still differ. Whether a better
 * generator pays for itself is a question for speed-ups with prices: {@code
 * findings.speedup(mixture).over(otherMixture).price(corpus, …)}.
 *
 * @param generator that wrote the text of {@code mixture}. It is the larger one if both names
 *     contain their size (such as {@code llama-8B}), otherwise the later one in the study
 * @param other generator that {@code generator} is compared with
 * @param mixture name
 * @param otherMixture name
 * @param model name
 * @param budget training tokens
 * @param domain name, or {@value FittedLaw#MACRO}
 * @param difference nats per token, {@code mixture} minus {@code otherMixture}: {@code generator}
 *     is better below 0; interval as in {@link Comparison}
 */
public record GeneratorEffect(
    String generator,
    String other,
    String mixture,
    String otherMixture,
    String model,
    Tokens budget,
    String domain,
    Estimate difference) {
  /** Checks that nothing is null. */
  public GeneratorEffect {
    Objects.requireNonNull(generator, "generator");
    Objects.requireNonNull(other, "other");
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(otherMixture, "otherMixture");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(difference, "difference");
  }

  /** Returns whether the difference is significant: whether the interval excludes 0. */
  public boolean decided() {
    return !difference.interval().contains(0);
  }

  @Override
  public String toString() {
    String verdict =
        !decided()
            ? "is not significantly different from "
            : difference.value() < 0 ? "is better than " : "is worse than ";
    return "text by "
        + generator
        + " "
        + verdict
        + other
        + "'s in "
        + mixture
        + " at "
        + model
        + ", "
        + budget
        + " tokens, on "
        + domain
        + ": "
        + difference
        + " nats per token";
  }
}
