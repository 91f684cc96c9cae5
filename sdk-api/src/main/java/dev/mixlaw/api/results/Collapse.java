package dev.mixlaw.api.results;

/**
 * Whether the loss of a mixture stops above that of the baseline as tokens grow, at one model. It
 * is called a collapse only if the mixture has synthetic text, the baseline has none, and the
 * domains are of real text.
 *
 * @param mixture name
 * @param baseline name
 * @param model name
 * @param verdict for the mean of the domains of real text, or of all if there are none
 */
public record Collapse(String mixture, String baseline, String model, CollapseVerdict verdict) {

  @Override
  public String toString() {
    return mixture + " against " + baseline + " at " + model + ": " + verdict;
  }
}
