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
 * Resources that all workers of a study on one device share.
 *
 * @param engine the engine on this device
 * @param layout number of workers, and number of threads and memory of each worker
 * @param progress receives the reports of all jobs
 * @param deviceLock read lock for every open session on the device, write lock for a session that
 *     must be the only one
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

  /** Returns the directory of a run or trunk, which may not exist. */
  Path directory(String identity) {
    return store.directory("runs/" + identity);
  }

  /** Returns the checkpoints of a run or trunk. */
  Checkpoints checkpoints(String identity) {
    return new Checkpoints(directory(identity), settings.disk());
  }

  /** Returns the directory of a run or trunk, and creates it if it is missing. */
  Path createDirectory(String identity) throws IOException {
    return Files.createDirectories(directory(identity));
  }
}
