package dev.mixlaw.train.run;

import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.storage.Disk;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * How runs are trained and kept.
 *
 * @param engines by name; {@code auto} for the best there is
 * @param disk where
 * @param checkpoints when
 * @param keepModels whether the final model of each run stays, 4 bytes a parameter
 * @param firstSeeds the seed that each mixture, by name, begins with: 0 but for mixtures that
 *     belong to a certain seed's model
 */
record RunSettings(
    Function<String, Engines.Choice> engines,
    Disk disk,
    CheckpointRule checkpoints,
    boolean keepModels,
    ToIntFunction<String> firstSeeds) {

  /** Seeds from 0. */
  public RunSettings(
      Function<String, Engines.Choice> engines,
      Disk disk,
      CheckpointRule checkpoints,
      boolean keepModels) {
    this(engines, disk, checkpoints, keepModels, mixture -> 0);
  }

  /** When a checkpoint is due, besides those where branches leave. It changes no result. */
  @FunctionalInterface
  public interface CheckpointRule {
    /**
     * Whether one is due.
     *
     * @param steps since the last one
     * @param nanos since the last one
     * @param saveNanos what the last one took, 0 before the first
     */
    boolean due(long steps, long nanos, long saveNanos);

    /** Every 30 s, and less often where saving would take over 2 % of the time. */
    static CheckpointRule standard() {
      return (steps, nanos, saveNanos) -> nanos >= Math.max(30_000_000_000L, 50 * saveNanos);
    }
  }
}
