package dev.mixlaw.api.spi;

import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import java.util.List;

/** Turns the models of rounds into findings. */
public interface RoundAnalyst {
  /**
   * The same runs give the same findings, to the last digit.
   *
   * @param warnings of the natural text's preparation
   */
  RoundsFindings analyze(
      Rounds rounds, RoundsPlan plan, List<RoundRun> runs, List<String> warnings);
}
