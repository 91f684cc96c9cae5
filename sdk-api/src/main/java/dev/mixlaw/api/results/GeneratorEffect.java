package dev.mixlaw.api.results;

/**
 * The effect of the generator on the loss. The two mixtures that are compared have the same shares
 * and kinds of text, but different generators wrote their synthetic text.
 *
 * <p>The kinds are those that the corpora declare, so the prompts may still differ. To determine
 * whether a better generator is worth its price, query the speed-up with prices: {@code
 * findings.speedup(mixture).over(otherMixture).price(corpus, …)}.
 *
 * @param generator generator of the first mixture. If both names contain a size, such as {@code
 *     llama-8B}, it is the larger one; otherwise, it is the one that occurs later in the study
 * @param other generator of the second mixture
 * @param comparison comparison of the first mixture with the second one; a difference below 0 means
 *     that the losses with {@code generator} are lower
 */
public record GeneratorEffect(String generator, String other, Comparison comparison) {

  @Override
  public String toString() {
    return "text by %s %s text by %s in %s at %s, %s tokens, on %s: %s"
        .formatted(
            generator,
            comparison.significant()
                ? "differs significantly from"
                : "is not significantly different from",
            other,
            comparison.mixture(),
            comparison.model(),
            comparison.budget(),
            comparison.domain(),
            comparison.difference());
  }
}
