package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;

/**
 * The key of a run in a study.
 *
 * @param mixture name of the mixture
 * @param model name of the model
 * @param budget number of training tokens, before rounding to whole steps
 * @param seed index of the seed, from 0
 * @param rateFactor factor by which the learning rate of the study is multiplied; 1 except in runs
 *     for {@link dev.mixlaw.api.Study#checkRates}
 */
public record RunKey(String mixture, String model, Tokens budget, int seed, double rateFactor) {
  /** Checks that no component is null. */
  public RunKey {
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(budget, "budget");
  }

  /** Creates the key of a run with the learning rate of the study. */
  public RunKey(String mixture, String model, Tokens budget, int seed) {
    this(mixture, model, budget, seed, 1);
  }

  /** Returns a copy of this key with the given factor for the learning rate. */
  public RunKey atRate(double factor) {
    return new RunKey(mixture, model, budget, seed, factor);
  }

  @Override
  public String toString() {
    return "%s · %s · %s tokens · seed %s%s"
        .formatted(
            mixture,
            model,
            budget,
            seed,
            rateFactor == 1 ? "" : " · learning rate ×" + (float) rateFactor);
  }
}
