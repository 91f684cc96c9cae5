package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;

/**
 * Two mixtures alike in shares and kinds of text, whose synthetic text two generators wrote.
 *
 * <p>Kinds are those that the corpora were declared as: two corpora called rephrased count as
 * alike, whatever the prompts were. Whether a better generator pays for itself is a speed-up with
 * prices: {@code findings.speedup(mixture).over(otherMixture).price(corpus, …)}.
 *
 * @param generator that wrote the text of {@code mixture}: the larger one, where both names say
 *     their size (such as {@code llama-8B}), else the later one of the study
 * @param other generator, that {@code generator} is compared with
 * @param mixture name
 * @param otherMixture name
 * @param model name
 * @param budget tokens
 * @param domain name, or {@value FittedLaw#MACRO}
 * @param difference nats per token, {@code mixture} minus {@code otherMixture}: below 0 {@code
 *     generator} is better; interval as in {@link Comparison}
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

  /** Whether the interval leaves out 0. */
  public boolean decided() {
    return !difference.interval().contains(0);
  }

  @Override
  public String toString() {
    String verdict =
        !decided()
            ? "cannot be told from "
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
