package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.Provenance;
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

    /**
     * Generates the texts of all models that have been trained, and stores the study of the next
     * round in the lab, so that {@link StudyRunner#work} trains its models. Trains nothing.
     *
     * @return whether there are models to train; if not, {@link #run} trains nothing
     */
    boolean submit(StudyListener listener);
  }

  /** A function that returns the description of a planned study that is stored in the lab. */
  @FunctionalInterface
  interface StudyDescription {
    Provenance of(Study study, PreparedData data, Plan plan);
  }

  /**
   * The directories, services and resources for rounds.
   *
   * @param studies trains the models of each round
   * @param lab directory of the lab
   * @param evaluator evaluator that measures the losses
   * @param resources limits for training and text generation
   * @param preparer tokenizes the generated texts and measures their diversity
   * @param preparedText directory for prepared text
   * @param description describes the study of a round
   */
  record Workplace(
      StudyRunner studies,
      Path lab,
      DomainEvaluator evaluator,
      StudyRunner.Resources resources,
      DataPreparer preparer,
      Path preparedText,
      StudyDescription description) {
    public Workplace withEngine(TrainingEngine engine) {
      return new Workplace(
          studies,
          lab,
          evaluator,
          resources.withEngine(engine),
          preparer,
          preparedText,
          description);
    }
  }
}
