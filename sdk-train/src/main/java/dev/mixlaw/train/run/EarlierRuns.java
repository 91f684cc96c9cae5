package dev.mixlaw.train.run;

import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.train.run.LabRecords.TrainedRun;
import dev.mixlaw.train.run.StudyMeasurements.Measurements;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The runs of a study that are already in the lab, trained for this study or for another. */
final class EarlierRuns {
  private final LabRecords records;
  private final StudyMeasurements measurements;
  private final Map<String, Earlier> byIdentity = new HashMap<>();
  private final TreeSet<String> damaged = new TreeSet<>();

  EarlierRuns(LabRecords records, StudyMeasurements measurements) {
    this.records = records;
    this.measurements = measurements;
  }

  /**
   * A run in the lab.
   *
   * @param measured measurements on the study's domains and tests
   */
  record Earlier(TrainedRun run, Measurements measured) {
    /** Returns whether training is finished; measurements may still be missing. */
    boolean trained() {
      return !run.outcome().isFailed();
    }

    /** Returns the result of the run at its place in a study's grid. */
    RunResult result(RunKey key) {
      RunResult r = run.result();
      boolean unmeasured = r.completed() && !measured.complete();
      return r.at(
          key,
          unmeasured ? Outcome.failed("trained, but not measured yet") : r.outcome(),
          r.completed() ? measured.allLosses() : List.of(),
          r.completed() ? measured.allChoices() : List.of());
    }

    /** Returns whether no work is left, because the run was measured or has diverged. */
    boolean settled() {
      return run.outcome().isDiverged() || run.outcome().isCompleted() && measured.complete();
    }
  }

  /** Reads a run from the lab. The result is empty if the run has not ended. */
  synchronized Optional<Earlier> read(String identity) {
    Optional<Earlier> found =
        records
            .run(identity, damaged::add)
            .map(run -> new Earlier(run, measurements.of(identity, damaged::add)));
    found.ifPresent(earlier -> byIdentity.put(identity, earlier));
    return found;
  }

  /** Returns a run as it was last read from the lab. */
  synchronized Optional<Earlier> of(String identity) {
    return Optional.ofNullable(byIdentity.get(identity));
  }

  boolean settled(String identity) {
    return of(identity).filter(Earlier::settled).isPresent();
  }

  boolean trained(String identity) {
    return of(identity).filter(Earlier::trained).isPresent();
  }

  /** Returns the devices on which the runs were trained, sorted. */
  synchronized List<String> devices() {
    return byIdentity.values().stream().map(e -> e.run().device()).distinct().sorted().toList();
  }

  /** Returns a warning for each damaged record. The affected run is trained or measured again. */
  synchronized List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    damaged.forEach(d -> warnings.add(d + "; its content will be computed again"));
    return warnings;
  }
}
