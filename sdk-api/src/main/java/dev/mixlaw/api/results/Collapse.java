package dev.mixlaw.api.results;

/**
 * A verdict on whether the loss of a mixture levels off above the loss of the baseline as tokens
 * grow, for one model. It is called a collapse only if the mixture has synthetic text, the baseline
 * has no synthetic text, and the domains contain real text.
 *
 * @param mixture name of the mixture
 * @param baseline name of the baseline
 * @param model name of the model
 * @param verdict verdict for the mean over the domains with real text, or over all domains if no
 *     domain has real text
 */
public record Collapse(String mixture, String baseline, String model, CollapseVerdict verdict) {

  @Override
  public String toString() {
    return mixture + " against " + baseline + " at " + model + ": " + verdict;
  }
}
