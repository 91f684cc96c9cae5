package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.spi.StudyRunner.Resources;
import dev.mixlaw.train.storage.Disk;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings for training and storing runs.
 *
 * @param childJvms time without reports after which a child JVM is killed; empty if jobs run in
 *     this JVM
 * @param checkpoints decides when checkpoints are written
 * @param keepModels whether the final model of each run is kept (4 bytes per parameter)
 * @param cards indices of the GPUs that a worker uses; if empty, those of the engine
 */
record RunSettings(
    Optional<Duration> childJvms,
    Disk disk,
    CheckpointRule checkpoints,
    boolean keepModels,
    List<Integer> cards) {

  static RunSettings of(Disk disk, CheckpointRule checkpoints, boolean keepModels) {
    return new RunSettings(Optional.empty(), disk, checkpoints, keepModels, List.of());
  }

  RunSettings withChildJvms(Duration silence) {
    return new RunSettings(Optional.of(silence), disk, checkpoints, keepModels, cards);
  }

  RunSettings withKeepModels(boolean keep) {
    return new RunSettings(childJvms, disk, checkpoints, keep, cards);
  }

  RunSettings withDisk(Disk other) {
    return new RunSettings(childJvms, other, checkpoints, keepModels, cards);
  }

  RunSettings withCards(List<Integer> numbers) {
    return new RunSettings(childJvms, disk, checkpoints, keepModels, numbers);
  }

  /** Returns resources whose engine uses the GPUs of these settings. */
  Resources onCards(Resources of) {
    return cards.isEmpty()
        ? of
        : of.withEngine(of.engine().orElseThrow().cards(cards.stream().mapToInt(n -> n).toArray()));
  }

  /** Decides when checkpoints are written. The results do not depend on these decisions. */
  @FunctionalInterface
  interface CheckpointRule {
    /**
     * Returns whether to write a checkpoint.
     *
     * @param steps number of steps since the last checkpoint
     * @param nanos time since the last checkpoint in nanoseconds
     * @param saveNanos time that the last checkpoint took to write, in nanoseconds; 0 before the
     *     first checkpoint
     */
    boolean due(long steps, long nanos, long saveNanos);

    /**
     * Returns a rule that writes a checkpoint every 30 s but spends at most 2 % of the time on it.
     */
    static CheckpointRule standard() {
      return (steps, nanos, saveNanos) -> nanos >= Math.max(30_000_000_000L, 50 * saveNanos);
    }
  }
}
