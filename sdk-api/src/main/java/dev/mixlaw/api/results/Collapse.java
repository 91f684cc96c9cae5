package dev.mixlaw.api.results;

/**
 * A verdict on whether the loss of a mixture approaches a higher floor than the loss of the
 * baseline as the number of tokens grows. A higher floor is called a collapse only if the mixture
 * has synthetic text, the baseline has none, and the domains contain text that people wrote.
 *
 * @param mixture name of the mixture
 * @param baseline name of the baseline
 * @param model name of the model
 * @param verdict verdict for the mean over the domains that people wrote or, if there are none,
 *     over all domains
 */
public record Collapse(String mixture, String baseline, String model, CollapseVerdict verdict) {

  @Override
  public String toString() {
    return mixture + " against " + baseline + " at " + model + ": " + verdict;
  }
}
