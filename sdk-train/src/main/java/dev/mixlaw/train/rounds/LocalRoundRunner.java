package dev.mixlaw.train.rounds;

import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.RoundRunner;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.train.run.LocalStudyRunner;

/**
 * Runs rounds of training on generated text on this machine. The models of a round are trained as
 * the runs of a study. After that, each model generates its text with all threads.
 *
 * <p>In the directory of the rounds, {@code runs} holds the models, and {@code texts/LABEL} holds a
 * text as {@code text.jsonl} with its data card {@code card.json}. Text is saved in parts while it
 * is being generated, so that a killed process loses only seconds of work.
 */
public final class LocalRoundRunner implements RoundRunner {
  private final LocalStudyRunner studies;

  /** Creates a runner that trains models in this JVM. */
  public LocalRoundRunner() {
    this(new LocalStudyRunner());
  }

  /**
   * Creates a runner that trains models with the given runner. If that runner uses child JVMs,
   * texts are generated in them too.
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
