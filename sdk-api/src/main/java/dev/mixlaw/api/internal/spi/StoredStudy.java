package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import java.util.List;
import java.util.Objects;

/**
 * A study as stored in the directory of a lab.
 *
 * @param provenance description of the study, its text and its engine
 * @param runs the runs that have ended, in the order of the plan
 * @param missingRuns number of runs that have not ended
 */
public record StoredStudy(Provenance provenance, List<RunResult> runs, int missingRuns) {
  public StoredStudy {
    Objects.requireNonNull(provenance, "provenance");
    runs = List.copyOf(runs);
  }
}
