package dev.mixlaw.api.spi;

import dev.mixlaw.api.Findings;
import dev.mixlaw.api.Provenance;
import dev.mixlaw.api.RunResult;
import java.util.List;

/** Turns runs into findings. */
public interface Analyst {
  /** The same runs give the same findings, to the last digit. */
  Findings analyze(Provenance provenance, List<RunResult> runs);
}
