package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;

/**
 * The place of a run in a study's grid.
 *
 * @param mixture name of the mixture
 * @param model name of the model
 * @param budget training tokens, before rounding to whole steps
 * @param seed number of the seed, from 0
 * @param rateFactor factor by which the study's learning rate is multiplied: 1 in the grid, another
 *     factor in runs of {@link dev.mixlaw.api.Study#checkRates}
 */
public record RunKey(String mixture, String model, Tokens budget, int seed, double rateFactor) {
  /** Checks that nothing is null. */
  public RunKey {
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(budget, "budget");
  }

  /** Creates the place of a run with the study's own learning rate. */
  public RunKey(String mixture, String model, Tokens budget, int seed) {
    this(mixture, model, budget, seed, 1);
  }

  /** Returns the same place with another factor for the learning rate. */
  public RunKey atRate(double factor) {
    return new RunKey(mixture, model, budget, seed, factor);
  }

  @Override
  public String toString() {
    return mixture
        + " · "
        + model
        + " · "
        + budget
        + " tokens · seed "
        + seed
        + (rateFactor == 1 ? "" : " · learning rate ×" + (float) rateFactor);
  }
}
