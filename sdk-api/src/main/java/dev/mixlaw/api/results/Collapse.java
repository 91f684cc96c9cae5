package dev.mixlaw.api.results;

import java.util.Objects;

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
  /** Checks that nothing is null. */
  public Collapse {
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(baseline, "baseline");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(verdict, "verdict");
  }

  @Override
  public String toString() {
    return mixture + " against " + baseline + " at " + model + ": " + verdict;
  }
}
