package dev.mixlaw.train.rounds;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.RoundRunner;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.train.run.LocalStudyRunner;

/**
 * Runs rounds of training on generated text on this machine. The models of a round are trained as
 * the runs of a study. Each model then generates its text with all threads.
 *
 * <p>The study of a round has the name of the rounds and the suffix {@code -round-NUMBER}. In the
 * lab, {@code studies/ROUNDS/texts/LABEL} contains a text ({@code text.jsonl}) and its data card
 * ({@code card.json}). Generated text is saved every few seconds, so that little work is lost if
 * the process is killed.
 */
public final class LocalRoundRunner implements RoundRunner {
  /** Creates a runner for use by {@link java.util.ServiceLoader}. */
  public LocalRoundRunner() {}

  /**
   * {@inheritDoc}
   *
   * <p>If the lab's runner of studies uses child JVMs, texts are generated in them too.
   */
  @Override
  public PlannedRounds plan(Rounds rounds, PreparedData natural, Workplace place) {
    if (place.studies() instanceof LocalStudyRunner studies) {
      return new RoundsExecution(rounds, natural, place, studies);
    }
    throw MixlawException.engine(
        "rounds: runner of studies",
        place.studies().getClass().getName(),
        LocalStudyRunner.class.getName(),
        "change Lab.Builder.runner");
  }
}
