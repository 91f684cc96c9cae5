package dev.mixlaw.api.spi;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.RunResult;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import java.util.List;

/** Plans and trains the runs of a study. */
public interface StudyRunner {
  /**
   * What would be done.
   *
   * @throws dev.mixlaw.api.MixlawException with all problems at once, if it cannot be done
   */
  Plan plan(Study study, PreparedData data, RunStore store, Resources resources);

  /** Does what is not done yet, and returns all runs in the plan's order. */
  List<RunResult> run(
      Study study,
      PreparedData data,
      RunStore store,
      Resources resources,
      DomainEvaluator evaluator,
      StudyListener listener);

  /**
   * What a study may use.
   *
   * @param engine a name, or {@code auto}
   * @param threads native threads of all workers together
   * @param memoryBytes of all workers together
   */
  record Resources(String engine, int threads, long memoryBytes) {}
}
