package dev.mixlaw.train.rounds;

import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.spi.PreparedData;
import dev.mixlaw.api.spi.RoundRunner;
import dev.mixlaw.train.run.LocalStudyRunner;

/**
 * Carries out rounds on this machine. The models of a round are runs of a study, trained and kept
 * as those are; each then writes its text with all threads.
 *
 * <p>In the rounds' directory, {@code runs} holds the models, and {@code texts/LABEL} each text:
 * {@code text.jsonl}, its data card {@code card.json}, and while it is being written its parts. A
 * part is written whole, so a kill loses seconds of writing and no finished work.
 */
public final class LocalRoundRunner implements RoundRunner {
  private final LocalStudyRunner studies;

  /** Rounds whose models are trained in this JVM. */
  public LocalRoundRunner() {
    this(new LocalStudyRunner());
  }

  /** Rounds whose models are trained by this runner; where it has child JVMs, they write there. */
  public LocalRoundRunner(LocalStudyRunner studies) {
    this.studies = studies;
  }

  @Override
  public PlannedRounds plan(Rounds rounds, PreparedData natural, Workplace place) {
    return new RoundsExecution(rounds, natural, place, studies);
  }
}
