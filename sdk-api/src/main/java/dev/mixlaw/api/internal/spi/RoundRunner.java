package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TrainingEngine;
import java.nio.file.Path;
import java.util.List;

/** Plans and executes rounds of training on generated text. */
public interface RoundRunner {
  /**
   * Checks and plans rounds. Trains nothing.
   *
   * @param natural the text and domains of {@link Rounds#round0}
   * @throws dev.mixlaw.api.MixlawException if the rounds cannot be run; the exception lists all
   *     problems
   */
  PlannedRounds plan(Rounds rounds, PreparedData natural, Workplace place);

  interface PlannedRounds {
    RoundsPlan plan();

    /**
     * Executes all work that is not done yet and returns all models, those of round 0 first. A
     * chain of rounds ends at the first model that diverged or failed.
     */
    List<RoundRun> run(StudyListener listener);
  }

  /**
   * Directories, services and resources for rounds.
   *
   * @param studies trains the models of each round
   * @param lab directory of the lab
   * @param evaluator evaluator that measures the losses
   * @param resources limits for training and text generation
   * @param preparer tokenizes the generated texts and measures their diversity
   * @param preparedText directory for prepared text
   */
  record Workplace(
      StudyRunner studies,
      Path lab,
      DomainEvaluator evaluator,
      StudyRunner.Resources resources,
      DataPreparer preparer,
      Path preparedText) {
    public Workplace withEngine(TrainingEngine engine) {
      return new Workplace(
          studies, lab, evaluator, resources.withEngine(engine), preparer, preparedText);
    }
  }
}
