package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.Collapse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The findings of rounds. */
public interface RoundsFindings {
  /** Returns the description of the rounds. */
  Rounds rounds();

  /** Returns the plan that was executed. */
  RoundsPlan plan();

  /** Returns all models, those of round 0 first. */
  List<RoundRun> runs();

  /**
   * Returns the results of each strategy, from round 0 to the last round that was completed with
   * any seed. The strategies are in the order of the description.
   */
  Map<Strategy, List<RoundFigures>> figures();

  /**
   * Returns for each strategy whether the models collapse, with the reason, in the order of the
   * description.
   */
  Map<Strategy, Collapse> verdicts();

  /** Returns warnings about the text, the plan and chains that ended early. */
  List<String> warnings();

  /**
   * Writes a self-contained HTML report, and {@code results.json} in the same directory.
   *
   * @param html the file to write; its directory is created if it is missing
   * @throws dev.mixlaw.api.MixlawException if a file cannot be written
   */
  void report(Path html);
}
