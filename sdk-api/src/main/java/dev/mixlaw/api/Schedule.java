package dev.mixlaw.api;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The learning rate over a run, as a factor of the rate of {@link Recipe#learningRate(ModelSpec,
 * int)}: a linear warm-up, then either a decay to 0 at the end, or half a cosine.
 *
 * @param warmup number of steps of the linear warm-up, 0 or more
 * @param decay share of a run's own budget over which the rate falls linearly to 0, above 0 and at
 *     most 1; empty for a cosine
 * @param floor factor of the rate at the end of the cosine, from 0 to 1; empty for a linear decay
 */
public record Schedule(long warmup, OptionalDouble decay, OptionalDouble floor) {
  /**
   * Default number of steps of the warm-up: 51,200 tokens in steps of 256.
   *
   * <p>At 100k parameters half of it cost 0.35 nats at 125k tokens, and twice of it 0.17
   * (BENCHMARKS.md of mixlaw-train).
   */
  public static final long WARMUP = 200;

  /**
   * Checks that there is either a decay or a floor.
   *
   * @throws IllegalArgumentException if there are both or neither
   */
  public Schedule {
    Objects.requireNonNull(decay, "decay");
    Objects.requireNonNull(floor, "floor");
    if (decay.isPresent() == floor.isPresent()) {
      throw new IllegalArgumentException(
          "schedule: decay " + decay + " and floor " + floor + "; expected one of them");
    }
  }

  /** Returns warm-up, stable, decay with a warm-up of {@value #WARMUP} steps and a decay of 0.2. */
  public static Schedule warmupStableDecay() {
    return warmupStableDecay(WARMUP, 0.2);
  }

  /**
   * Returns warm-up, stable, decay: the rate falls linearly to 0 at the end of a run only.
   *
   * <p>Runs of several budgets share one trunk, from which each is a short decay branch (Hu et al.
   * 2024, arXiv 2404.06395).
   *
   * @param warmup number of steps, 0 or more
   * @param decay share of a run's own budget, above 0 and at most 1
   */
  public static Schedule warmupStableDecay(long warmup, double decay) {
    return new Schedule(warmup, OptionalDouble.of(decay), OptionalDouble.empty());
  }

  /** Returns half a cosine with a warm-up of {@value #WARMUP} steps and a floor of 0.1. */
  public static Schedule cosine() {
    return cosine(WARMUP, 0.1);
  }

  /**
   * Returns half a cosine. Every budget is a run of its own.
   *
   * @param warmup number of steps, 0 or more
   * @param floor factor of the rate at the end, from 0 to 1
   */
  public static Schedule cosine(long warmup, double floor) {
    return new Schedule(warmup, OptionalDouble.empty(), OptionalDouble.of(floor));
  }

  /**
   * Returns the learning rate of a step of the warm-up or of the constant part after it.
   *
   * @param peak rate after the warm-up
   * @param step from 0
   */
  public double trunkRate(double peak, long step) {
    return step < warmup ? peak * (step + 1) / warmup : peak;
  }

  /**
   * Returns the learning rate of a step of a run.
   *
   * @param trunkRate of the step, as {@link #trunkRate} returns it
   * @param step from 0
   * @param decayFrom step at which a linear decay begins
   * @param steps of the run
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

  /** Returns the settings in words. They are a part of identities of runs: keep them. */
  @Override
  public String toString() {
    return decay.isPresent()
        ? "WarmupStableDecay[warmup=" + warmup + ", decay=" + decay.getAsDouble() + "]"
        : "Cosine[warmup=" + warmup + ", floor=" + floor.getAsDouble() + "]";
  }
}
