package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import java.util.Optional;

/** Detects that training has diverged, based only on the losses so far. */
final class DivergenceDetector {
  /** Maximum increase of the loss above its first value, in nats per token. */
  static final double NATS_ABOVE_FIRST = 1;

  /** Number of consecutive steps above the limit that count as divergence. */
  static final int STEPS_IN_A_ROW = 50;

  private DivergenceDetector() {}

  /**
   * Returns the reason why training has diverged, or empty if it has not.
   *
   * @param before metrics of the earlier steps
   */
  static Optional<String> of(MetricsLog before, StepResult now) {
    if (!Double.isFinite(now.loss())) {
      return Optional.of("the loss is " + now.loss());
    }
    if (!Double.isFinite(now.gradientNorm())) {
      return Optional.of("the gradient norm is " + now.gradientNorm());
    }
    int steps = before.steps();
    if (steps < STEPS_IN_A_ROW) {
      return Optional.empty();
    }
    double limit = before.loss(0) + NATS_ABOVE_FIRST;
    if (now.loss() <= limit) {
      return Optional.empty();
    }
    for (int i = 1; i < STEPS_IN_A_ROW; i++) {
      if (before.loss(steps - i) <= limit) {
        return Optional.empty();
      }
    }
    return Optional.of(
        Texts.format(
            "the loss was more than %s nats above its first value, %.3f, for %d steps; the last loss is %.3f",
            NATS_ABOVE_FIRST, before.loss(0), STEPS_IN_A_ROW, now.loss()));
  }
}
