package dev.mixlaw.api.spi;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import java.time.Duration;
import java.util.List;

/** Derives findings from runs. The findings of the same runs and seed must be bit-identical. */
public interface Analyst {
  /**
   * Returns the findings of a study.
   *
   * @param provenance description of the study, its text and its engine
   * @param runs all runs of the study, in the order of its plan
   */
  Findings analyze(Provenance provenance, List<RunResult> runs);

  /**
   * Returns an analyst that resamples with another seed. The default implementation, for analysts
   * that do not resample, returns this analyst.
   */
  default Analyst withSeed(long seed) {
    return this;
  }

  /**
   * Returns the findings of rounds.
   *
   * @param rounds description of the rounds
   * @param plan plan of the rounds
   * @param runs all models, those of round 0 first
   * @param warnings warnings from preparing the natural text
   * @throws UnsupportedOperationException if this analyst supports only studies, as the default
   *     implementation does
   */
  default RoundsFindings analyze(
      Rounds rounds, RoundsPlan plan, List<RoundRun> runs, List<String> warnings) {
    throw new UnsupportedOperationException(getClass().getName() + " does not analyze rounds");
  }

  /**
   * Returns warnings about questions that the runs of a study cannot answer, regardless of their
   * results. Each warning says which change of the study makes an answer possible. The default
   * implementation returns none.
   */
  default List<String> outlook(Study study) {
    return List.of();
  }

  /**
   * Returns the estimated duration of analysing the given number of runs. The default
   * implementation returns zero.
   */
  default Duration time(int runs) {
    return Duration.ZERO;
  }

  /**
   * Returns notes about the differences that the comparisons in a study can detect. The default
   * implementation returns none.
   */
  default List<String> power(Study study) {
    return List.of();
  }
}
