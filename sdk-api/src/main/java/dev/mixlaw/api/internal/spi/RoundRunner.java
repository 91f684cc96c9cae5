package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TrainingEngine;
import java.nio.file.Path;
import java.util.List;

/** Plans and carries out rounds of training on generated text. */
public interface RoundRunner {
  /**
   * Checks and plans rounds. Nothing is trained yet.
   *
   * @param rounds description of the rounds
   * @param natural the text and domains of {@link Rounds#round0}
   * @param place directories and resources
   * @throws dev.mixlaw.api.MixlawException if the rounds cannot be run; the exception lists all
   *     problems
   */
  PlannedRounds plan(Rounds rounds, PreparedData natural, Workplace place);

  /** Rounds that were checked and can be run. */
  interface PlannedRounds {
    /** Returns the plan of what {@link #run} will do. */
    RoundsPlan plan();

    /**
     * Carries out all work that is not done yet and returns all models, round 0 first. A chain ends
     * at the first model that diverged or failed.
     *
     * @param listener receives all events
     */
    List<RoundRun> run(StudyListener listener);
  }

  /**
   * Directories and resources of rounds.
   *
   * @param lab directory of the lab
   * @param evaluator measures losses
   * @param resources resources that training and writing may use
   * @param preparer tokenizes the written texts and measures their diversity
   * @param preparedText directory of prepared text
   */
  record Workplace(
      Path lab,
      DomainEvaluator evaluator,
      StudyRunner.Resources resources,
      DataPreparer preparer,
      Path preparedText) {
    /** Returns these settings with an engine that was chosen. */
    public Workplace withEngine(TrainingEngine engine) {
      return new Workplace(lab, evaluator, resources.withEngine(engine), preparer, preparedText);
    }
  }
}
