package dev.mixlaw.train.run;

import dev.mixlaw.train.run.RunJob.Branch;

/** Receives the progress of a job, in this JVM or from a child JVM. */
interface JobProgress {
  /**
   * Receives the progress of a trunk or branch, made now or in an earlier start.
   *
   * @param segment identity of the trunk or run
   * @param reached tokens of the segment itself; a number below an earlier one has no effect
   */
  void reached(String segment, long reached);

  /**
   * Receives a step.
   *
   * @param segment trunk or branch, of which {@code segmentTokens} are done
   * @param run to which the step belongs; for a trunk, the run with the largest budget
   */
  void stepped(String segment, long segmentTokens, Branch run, long step, double loss);

  /** Receives a warning. */
  void warned(String warning);
}
