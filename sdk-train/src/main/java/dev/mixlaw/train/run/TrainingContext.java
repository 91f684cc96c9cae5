package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.run.child.ChildReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.function.Consumer;

/**
 * The resources that the workers of a study share on one device.
 *
 * @param layout numbers of workers and threads, and memory per worker
 * @param progress receives the reports of all jobs
 * @param deviceLock the read lock is held while a session is open on the device; the write lock is
 *     held for a session that must be the only one
 */
record TrainingContext(
    PreparedData data,
    LabStore store,
    StudyMeasurements measurements,
    EarlierRuns earlier,
    TrainingEngine engine,
    WorkerLayout layout,
    RunIdentities identities,
    Consumer<ChildReport> progress,
    StopSignal stop,
    RunSettings settings,
    ReadWriteLock deviceLock) {

  LabRecords records() {
    return measurements.records();
  }

  void reached(String segment, long tokens) {
    progress.accept(ChildReport.of(ChildReport.Kind.REACHED, segment, tokens));
  }

  void warn(String warning) {
    progress.accept(ChildReport.of(ChildReport.Kind.WARNED, warning, 0));
  }

  /** Returns the directory of a run or trunk, which need not exist. */
  Path directory(String identity) {
    return store.directory("runs/" + identity);
  }

  /** Makes the checkpoints and the model of a run or trunk available in its directory. */
  void fetch(String identity) {
    store.fetch("runs/" + identity);
  }

  Checkpoints checkpoints(String identity) {
    return new Checkpoints(directory(identity), settings.disk());
  }

  Path createDirectory(String identity) throws IOException {
    return Files.createDirectories(directory(identity));
  }
}
