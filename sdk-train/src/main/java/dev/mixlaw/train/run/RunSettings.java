package dev.mixlaw.train.run;

import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.run.child.ChildEngine;
import dev.mixlaw.train.storage.Disk;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * How runs are trained and kept. Each {@code with} method returns a copy with another value.
 *
 * @param engines engine by name; {@code auto} is the best that is available
 * @param inChildJvms whether each model is trained in a JVM of its own
 * @param disk file operations
 * @param checkpoints when checkpoints are written
 * @param keepModels whether the final model of each run is kept (4 bytes a parameter)
 * @param partOfRounds whether studies belong to rounds, which refer to their runs
 * @param firstSeeds first seed of a mixture by its name; 0 unless a mixture belongs to the model of
 *     a certain seed
 */
record RunSettings(
    Function<String, Engines.Choice> engines,
    boolean inChildJvms,
    Disk disk,
    CheckpointRule checkpoints,
    boolean keepModels,
    boolean partOfRounds,
    ToIntFunction<String> firstSeeds) {

  /** Returns settings for training in this JVM, with seeds from 0. */
  static RunSettings of(
      Function<String, Engines.Choice> engines,
      Disk disk,
      CheckpointRule checkpoints,
      boolean keepModels) {
    return new RunSettings(engines, false, disk, checkpoints, keepModels, false, mixture -> 0);
  }

  RunSettings withEngine(TrainingEngine engine) {
    return new RunSettings(
        name -> Engines.Choice.of(engine),
        inChildJvms,
        disk,
        checkpoints,
        keepModels,
        partOfRounds,
        firstSeeds);
  }

  RunSettings withChildJvms() {
    return new RunSettings(engines, true, disk, checkpoints, keepModels, partOfRounds, firstSeeds);
  }

  RunSettings withKeepModels(boolean keep) {
    return new RunSettings(engines, inChildJvms, disk, checkpoints, keep, partOfRounds, firstSeeds);
  }

  /** Returns settings for the studies of rounds, which keep their models. */
  RunSettings ofRounds(ToIntFunction<String> first) {
    return new RunSettings(engines, inChildJvms, disk, checkpoints, true, true, first);
  }

  /** Returns the engine of a name, in child JVMs if so set. */
  Engines.Choice engine(String name) {
    Engines.Choice choice = engines.apply(name);
    return inChildJvms
        ? new Engines.Choice(new ChildEngine(choice.engine()), choice.passedOver())
        : choice;
  }

  /**
   * When a checkpoint is written in addition to those at the end of trunk and branches. Results do
   * not depend on it.
   */
  @FunctionalInterface
  interface CheckpointRule {
    /**
     * Returns whether a checkpoint is due.
     *
     * @param steps since the last checkpoint
     * @param nanos since the last checkpoint, nanoseconds
     * @param saveNanos duration of the last save, nanoseconds; 0 before the first
     */
    boolean due(long steps, long nanos, long saveNanos);

    /**
     * Returns a rule for a checkpoint every 30 s, or less often if saving would take more than 2 %
     * of the time.
     */
    static CheckpointRule standard() {
      return (steps, nanos, saveNanos) -> nanos >= Math.max(30_000_000_000L, 50 * saveNanos);
    }
  }
}
