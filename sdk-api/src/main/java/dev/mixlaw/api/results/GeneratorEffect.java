package dev.mixlaw.api.results;

/**
 * The effect of the generator: a comparison of two mixtures with the same shares and kinds of text,
 * whose synthetic text was written by different generators.
 *
 * <p>The kinds are those that the corpora declare, so prompts may still differ. To find out whether
 * a better generator pays for itself, query the speed-up with prices: {@code
 * findings.speedup(mixture).over(otherMixture).price(corpus, …)}.
 *
 * @param generator generator that wrote the text of the compared mixture: the larger one if both
 *     names contain a size (such as {@code llama-8B}), otherwise the later one in the study
 * @param other generator that {@code generator} is compared with
 * @param comparison comparison of the mixture with text by {@code generator} with the mixture with
 *     text by {@code other}; a difference below 0 means that the losses with {@code generator} are
 *     lower
 */
public record GeneratorEffect(String generator, String other, Comparison comparison) {

  @Override
  public String toString() {
    return "text by "
        + generator
        + (comparison.significant()
            ? " differs significantly from text by "
            : " is not significantly different from text by ")
        + other
        + " in "
        + comparison.mixture()
        + " at "
        + comparison.model()
        + ", "
        + comparison.budget()
        + " tokens, on "
        + comparison.domain()
        + ": "
        + comparison.difference();
  }
}
