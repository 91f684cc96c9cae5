package dev.mixlaw.train.run;

import dev.mixlaw.train.storage.Disk;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Settings for training and storing runs. Each {@code with} method returns a copy with one value
 * changed.
 *
 * @param childJvms duration of silence after which a child JVM is killed, if each job runs in a JVM
 *     of its own; empty for jobs in this JVM
 * @param disk the file operations to use
 * @param checkpoints rule that decides when checkpoints are written
 * @param keepModels whether the final model of each run is kept (4 bytes per parameter)
 * @param partOfRounds whether studies belong to rounds, which refer to their runs
 * @param firstSeeds first seed of each mixture, by its name; 0 unless a mixture belongs to the
 *     model of a certain seed
 */
record RunSettings(
    Optional<Duration> childJvms,
    Disk disk,
    CheckpointRule checkpoints,
    boolean keepModels,
    boolean partOfRounds,
    ToIntFunction<String> firstSeeds) {

  /** Returns settings for training in this JVM, with seeds that start at 0. */
  static RunSettings of(Disk disk, CheckpointRule checkpoints, boolean keepModels) {
    return new RunSettings(Optional.empty(), disk, checkpoints, keepModels, false, mixture -> 0);
  }

  RunSettings withChildJvms(Duration silence) {
    return new RunSettings(
        Optional.of(silence), disk, checkpoints, keepModels, partOfRounds, firstSeeds);
  }

  RunSettings withKeepModels(boolean keep) {
    return new RunSettings(childJvms, disk, checkpoints, keep, partOfRounds, firstSeeds);
  }

  /** Returns settings for studies that belong to rounds. Their models are kept. */
  RunSettings ofRounds(ToIntFunction<String> first) {
    return new RunSettings(childJvms, disk, checkpoints, true, true, first);
  }

  /**
   * Decides when checkpoints are written in addition to those at the end of trunk and branches.
   * Results do not depend on this rule.
   */
  @FunctionalInterface
  interface CheckpointRule {
    /**
     * Returns whether a checkpoint is due.
     *
     * @param steps number of steps since the last checkpoint
     * @param nanos time since the last checkpoint, in nanoseconds
     * @param saveNanos duration of the last save in nanoseconds; 0 before the first
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
