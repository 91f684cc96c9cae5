package dev.mixlaw.api.spi;

import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsPlan;
import java.nio.file.Path;
import java.util.List;

/** Plans and carries out rounds: trains, writes, mixes and trains. */
public interface RoundRunner {
  /**
   * Checks and plans rounds; nothing is trained yet.
   *
   * @param natural text and domains of {@link Rounds#round0}
   * @throws dev.mixlaw.api.MixlawException with all problems at once, if it cannot be done
   */
  PlannedRounds plan(Rounds rounds, PreparedData natural, Workplace place);

  /** Rounds that can be run. */
  interface PlannedRounds {
    /** What would be done. */
    RoundsPlan plan();

    /**
     * Does what is not done yet, and returns all models, round 0 first. A chain whose model
     * diverged or failed ends with it.
     */
    List<RoundRun> run(DomainEvaluator evaluator, TextMeter meter, StudyListener listener);
  }

  /**
   * Where and with what.
   *
   * @param directory of these rounds: for the texts that are written
   * @param store of all runs of all rounds
   * @param preparer of the texts that are written
   * @param preparedText where the preparer keeps what it makes
   */
  record Workplace(
      Path directory,
      RunStore store,
      StudyRunner.Resources resources,
      DataPreparer preparer,
      Path preparedText) {}
}
