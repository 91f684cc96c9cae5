package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.RunStore;
import java.util.List;

/** Plans and trains the runs of a study. */
public interface StudyRunner {
  /**
   * Checks and plans a study. Nothing is trained yet.
   *
   * @param study the description
   * @param data its tokenized text
   * @param store of its runs
   * @param resources that training may use
   * @throws dev.mixlaw.api.MixlawException with all problems at once, if the study cannot be run
   */
  PlannedStudy plan(Study study, PreparedData data, RunStore store, Resources resources);

  /** A study that can be run. */
  interface PlannedStudy {
    /** Returns what {@link #run} will do. */
    Plan plan();

    /**
     * Trains and measures what is not done yet and returns all runs, in the order of the plan.
     *
     * @param evaluator measures losses
     * @param listener receives all events
     */
    List<RunResult> run(DomainEvaluator evaluator, StudyListener listener);
  }

  /**
   * Resources of a study.
   *
   * @param engine name of a training engine, or {@code auto}
   * @param threads native threads of all workers together, at least 1
   * @param memoryBytes limit for all workers together
   */
  record Resources(String engine, int threads, long memoryBytes) {}
}
