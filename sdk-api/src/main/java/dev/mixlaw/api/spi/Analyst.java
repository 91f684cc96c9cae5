package dev.mixlaw.api.spi;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import java.util.List;

/** Turns runs into findings. */
public interface Analyst {
  /** The same runs give the same findings, to the last digit. */
  Findings analyze(Provenance provenance, List<RunResult> runs);

  /**
   * What a study's runs will not be able to say, however they come out, and what would change that:
   * for its plan.
   */
  default List<String> outlook(Study study) {
    return List.of();
  }
}
