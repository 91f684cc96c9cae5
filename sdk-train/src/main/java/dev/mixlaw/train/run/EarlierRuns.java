package dev.mixlaw.train.run;

import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.run.LabRecords.Earlier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The runs of a study that are already in the lab, possibly trained for another study. */
final class EarlierRuns {
  private final StudyMeasurements measurements;
  private final Map<String, Earlier> byIdentity = new HashMap<>();
  private final TreeSet<String> damaged = new TreeSet<>();

  EarlierRuns(StudyMeasurements measurements) {
    this.measurements = measurements;
  }

  synchronized void damaged(String record) {
    damaged.add(record);
  }

  synchronized Optional<Earlier> read(String identity) {
    Optional<Earlier> found = measurements.earlier(identity, damaged::add);
    found.ifPresent(earlier -> add(identity, earlier));
    return found;
  }

  synchronized void add(String identity, Earlier stored) {
    byIdentity.put(identity, stored);
  }

  /** Returns a run as it was last read from or written to the lab; empty if there is none. */
  synchronized Optional<Earlier> of(String identity) {
    return Optional.ofNullable(byIdentity.get(identity));
  }

  boolean settled(String identity) {
    return of(identity).filter(Earlier::settled).isPresent();
  }

  boolean trained(String identity) {
    return of(identity).filter(Earlier::trained).isPresent();
  }

  /**
   * Returns a sentence that names the devices on which the runs were trained, if there are several.
   */
  synchronized Optional<String> differentDevices(TrainingEngine engine) {
    return differentDevices(
        Stream.concat(
            byIdentity.values().stream().map(e -> e.run().device()),
            engine.devices().stream().map(TrainingEngine::device)));
  }

  /**
   * Returns a warning for each damaged record. The work that the record describes will be repeated.
   */
  synchronized List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    damaged.forEach(d -> warnings.add(d + "; its content will be computed again"));
    return warnings;
  }

  static Optional<String> differentDevices(Stream<String> devices) {
    List<String> kinds = devices.distinct().sorted().toList();
    return kinds.size() < 2
        ? Optional.empty()
        : Optional.of(
            "the runs of this study were trained on different devices ("
                + String.join(", ", kinds)
                + "): the last digits of results may differ between them");
  }
}
