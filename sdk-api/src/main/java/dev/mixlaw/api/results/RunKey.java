package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;

/**
 * Which point of a study's grid a run is.
 *
 * @param mixture name
 * @param model name
 * @param budget training tokens asked for
 * @param seed from 0
 */
public record RunKey(String mixture, String model, Tokens budget, int seed) {
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
