package dev.mixlaw.api.spi;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import java.util.List;

/** Derives findings from runs. The same runs give bit-identical findings. */
public interface Analyst {
  /**
   * Returns the findings of a study.
   *
   * @param provenance description of the study, its text and its engine
   * @param runs all runs, in the order of the study's grid
   */
  Findings analyze(Provenance provenance, List<RunResult> runs);

  /**
   * Returns the findings of rounds.
   *
   * @param rounds description of the rounds
   * @param plan plan of the rounds
   * @param runs all models, with round 0 first
   * @param warnings warnings from preparing the natural text
   * @throws UnsupportedOperationException if this analyst supports only studies, which is the
   *     default
   */
  default RoundsFindings analyze(
      Rounds rounds, RoundsPlan plan, List<RoundRun> runs, List<String> warnings) {
    throw new UnsupportedOperationException(getClass().getName() + " does not analyze rounds");
  }

  /**
   * Returns warnings for the plan of a study: questions that its runs cannot answer, whatever their
   * results, and how to change that. Empty by default.
   */
  default List<String> outlook(Study study) {
    return List.of();
  }

  /**
   * Returns notes for the plan of a study: the differences that its comparisons can detect. Empty
   * by default.
   */
  default List<String> power(Study study) {
    return List.of();
  }
}
