package dev.mixlaw.api.results;

/**
 * The effect of the generator: two mixtures with the same shares and kinds of text, whose synthetic
 * text was written by different generators.
 *
 * <p>The kinds are those that the corpora declare, so prompts may still differ. Whether a better
 * generator pays for itself is a question for speed-ups with prices: {@code
 * findings.speedup(mixture).over(otherMixture).price(corpus, …)}.
 *
 * @param generator that wrote the text of the compared mixture. It is the larger one if both names
 *     contain their size (such as {@code llama-8B}), otherwise the later one in the study
 * @param other generator that {@code generator} is compared with
 * @param comparison of the mixture by {@code generator} with the mixture by {@code other}: {@code
 *     generator} is better below 0
 */
public record GeneratorEffect(String generator, String other, Comparison comparison) {

  @Override
  public String toString() {
    String verdict =
        !comparison.significant()
            ? "is not significantly different from "
            : comparison.difference().value() < 0 ? "is better than " : "is worse than ";
    return "text by "
        + generator
        + " "
        + verdict
        + other
        + "'s in "
        + comparison.mixture()
        + " at "
        + comparison.model()
        + ", "
        + comparison.budget()
        + " tokens, on "
        + comparison.domain()
        + ": "
        + comparison.difference()
        + " nats per token";
  }
}
