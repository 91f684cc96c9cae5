package dev.mixlaw.api.spi;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.RunResult;
import java.util.List;

/** Plans and trains the runs of a study. */
public interface StudyRunner {
  /**
   * Checks and plans a study; nothing is trained yet.
   *
   * @throws dev.mixlaw.api.MixlawException with all problems at once, if it cannot be done
   */
  PlannedStudy plan(Study study, PreparedData data, RunStore store, Resources resources);

  /** A study that can be run. */
  interface PlannedStudy {
    /** What would be done. */
    Plan plan();

    /** Does what is not done yet, and returns all runs in the plan's order. */
    List<RunResult> run(DomainEvaluator evaluator, StudyListener listener);
  }

  /**
   * What a study may use.
   *
   * @param engine a name, or {@code auto}
   * @param threads native threads of all workers together
   * @param memoryBytes of all workers together
   */
  record Resources(String engine, int threads, long memoryBytes) {}
}
