package dev.mixlaw.api.results;

import java.util.Objects;

/**
 * Whether a mixture runs into a floor above the baseline's as tokens grow, at one model.
 *
 * @param mixture name
 * @param baseline name, of natural text
 * @param model name
 * @param verdict on the macro average
 */
public record Collapse(String mixture, String baseline, String model, CollapseVerdict verdict) {
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
