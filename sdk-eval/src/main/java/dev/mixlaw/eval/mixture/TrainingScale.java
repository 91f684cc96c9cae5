package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;

/**
 * The model size and budget at which a loss was measured or is predicted.
 *
 * @param params number of model parameters; empty if unknown
 * @param tokens number of training tokens, including repeats; empty if unknown
 */
public record TrainingScale(Optional<Params> params, Optional<Tokens> tokens) {
  /**
   * An unknown model size and budget. All runs with this scale are assumed to have the same size
   * and budget.
   */
  public static final TrainingScale UNSAID = new TrainingScale(Optional.empty(), Optional.empty());

  public TrainingScale {
    Objects.requireNonNull(params, "params");
    Objects.requireNonNull(tokens, "tokens");
  }

  /** Returns the scale with the given model size and budget. */
  public static TrainingScale of(Params params, Tokens tokens) {
    return new TrainingScale(Optional.of(params), Optional.of(tokens));
  }

  @Override
  public String toString() {
    String size = params.map(p -> "N=" + p).orElse("N unknown");
    return size + ", " + tokens.map(t -> "D=" + t).orElse("D unknown");
  }
}
