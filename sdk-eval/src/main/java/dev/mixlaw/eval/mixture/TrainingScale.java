package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;

/**
 * Size and budget that losses were measured at, or are asked for.
 *
 * @param params of the model; empty where nobody said
 * @param tokens it was trained on, repeats included; empty where nobody said
 */
public record TrainingScale(Optional<Params> params, Optional<Tokens> tokens) {
  /** Nothing said: all runs are taken to be alike in size and budget. */
  public static final TrainingScale UNSAID = new TrainingScale(Optional.empty(), Optional.empty());

  public TrainingScale {
    Objects.requireNonNull(params, "params");
    Objects.requireNonNull(tokens, "tokens");
  }

  public static TrainingScale of(Params params, Tokens tokens) {
    return new TrainingScale(Optional.of(params), Optional.of(tokens));
  }

  @Override
  public String toString() {
    String size = params.map(p -> "N=" + p).orElse("N unsaid");
    return size + ", " + tokens.map(t -> "D=" + t).orElse("D unsaid");
  }
}
