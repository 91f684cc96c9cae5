package dev.mixlaw.train.rounds;

import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.RoundRunner;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.train.run.LocalStudyRunner;

/**
 * Runs rounds of training on generated text on this machine. The models of a round are trained as
 * the runs of a study. Each model then generates its text with all threads.
 *
 * <p>In the directory of the rounds, {@code runs} contains the models, and {@code texts/LABEL}
 * contains a text ({@code text.jsonl}) and its data card ({@code card.json}). Generated text is
 * saved every few seconds, so that little work is lost if the process is killed.
 */
public final class LocalRoundRunner implements RoundRunner {
  private final LocalStudyRunner studies;

  /** Creates a runner that trains models in this JVM. */
  public LocalRoundRunner() {
    this(new LocalStudyRunner());
  }

  /**
   * Creates a runner that trains models with the given runner. If the given runner uses child JVMs,
   * texts are also generated in child JVMs.
   *
   * @param studies the runner that trains the models of each round
   */
  public LocalRoundRunner(LocalStudyRunner studies) {
    this.studies = studies;
  }

  @Override
  public PlannedRounds plan(Rounds rounds, PreparedData natural, Workplace place) {
    return new RoundsExecution(rounds, natural, place, studies);
  }
}
