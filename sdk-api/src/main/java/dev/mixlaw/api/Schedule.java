package dev.mixlaw.api;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A learning-rate schedule: the learning rate of each step relative to {@link
 * Recipe#learningRate(ModelSpec, int)}. A schedule begins with a linear warm-up. After the warm-up,
 * the learning rate either remains constant and finally decays linearly to 0, or follows a half
 * cosine.
 *
 * @param warmup number of steps in the linear warm-up, 0 or more
 * @param decay fraction of the budget of a run over which the rate decays linearly to 0, above 0
 *     and at most 1; empty for a cosine
 * @param floor learning rate at the end of the cosine as a fraction of the peak rate, from 0 to 1;
 *     empty for a linear decay
 */
public record Schedule(long warmup, OptionalDouble decay, OptionalDouble floor) {
  /**
   * Default number of warm-up steps, which amounts to 51,200 tokens at 256 tokens per step.
   *
   * <p>With 100k parameters and 125k tokens, half as many steps raised the loss by 0.35 nats, and
   * twice as many by 0.17 nats (see BENCHMARKS.md in mixlaw-train).
   */
  public static final long WARMUP = 200;

  /**
   * Checks that either a decay or a floor is given.
   *
   * @throws IllegalArgumentException if both or neither are given
   */
  public Schedule {
    Objects.requireNonNull(decay, "decay");
    Objects.requireNonNull(floor, "floor");
    if (decay.isPresent() == floor.isPresent()) {
      throw new IllegalArgumentException(
          "schedule: decay " + decay + " and floor " + floor + "; expected one of them");
    }
  }

  /**
   * Returns a warm-up-stable-decay schedule with a warm-up of {@value #WARMUP} steps and a decay of
   * 0.2.
   */
  public static Schedule warmupStableDecay() {
    return warmupStableDecay(WARMUP, 0.2);
  }

  /**
   * Returns a warm-up-stable-decay schedule. The learning rate is constant after the warm-up and
   * decays linearly to 0 at the end of a run.
   *
   * <p>Runs with different budgets share the steps before the decay (Hu et al. 2024, arXiv
   * 2404.06395).
   *
   * @param warmup number of steps in the warm-up, 0 or more
   * @param decay fraction of the budget of a run, above 0 and at most 1
   */
  public static Schedule warmupStableDecay(long warmup, double decay) {
    return new Schedule(warmup, OptionalDouble.of(decay), OptionalDouble.empty());
  }

  /** Returns a half-cosine schedule with a warm-up of {@value #WARMUP} steps and a floor of 0.1. */
  public static Schedule cosine() {
    return cosine(WARMUP, 0.1);
  }

  /**
   * Returns a half-cosine schedule. Runs with different budgets share no steps.
   *
   * @param warmup number of steps in the warm-up, 0 or more
   * @param floor learning rate at the end as a fraction of the peak rate, from 0 to 1
   */
  public static Schedule cosine(long warmup, double floor) {
    return new Schedule(warmup, OptionalDouble.empty(), OptionalDouble.of(floor));
  }

  /**
   * Returns the learning rate of a step during the warm-up or the constant phase.
   *
   * @param peak learning rate after the warm-up
   * @param step index of the step, from 0
   */
  public double trunkRate(double peak, long step) {
    return step < warmup ? peak * (step + 1) / warmup : peak;
  }

  /**
   * Returns the learning rate of a step of a run.
   *
   * @param trunkRate learning rate of the step before any decay, as returned by {@link #trunkRate}
   * @param step index of the step, from 0
   * @param decayFrom index of the step at which a linear decay begins
   * @param steps number of steps in the run
   */
  public double rate(double trunkRate, long step, long decayFrom, long steps) {
    if (floor.isPresent()) {
      double done = Math.max(0, (double) (step - warmup) / (steps - warmup));
      double wave = (1 + Math.cos(Math.PI * done)) / 2;
      double lowest = floor.getAsDouble();
      return step < warmup ? trunkRate : trunkRate * (lowest + (1 - lowest) * wave);
    }
    return step < decayFrom ? trunkRate : trunkRate * (steps - step) / (steps - decayFrom);
  }

  /**
   * Returns a text that identifies this schedule. The text is part of the identity of a run and
   * must not change between versions.
   */
  @Override
  public String toString() {
    return decay.isPresent()
        ? "WarmupStableDecay[warmup=" + warmup + ", decay=" + decay.getAsDouble() + "]"
        : "Cosine[warmup=" + warmup + ", floor=" + floor.getAsDouble() + "]";
  }
}
