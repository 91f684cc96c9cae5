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
 */
public record RunKey(String mixture, String model, Tokens budget, int seed) {
  /** Checks that nothing is null. */
  public RunKey {
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(budget, "budget");
  }

  @Override
  public String toString() {
    return mixture + " · " + model + " · " + budget + " tokens · seed " + seed;
  }
}
