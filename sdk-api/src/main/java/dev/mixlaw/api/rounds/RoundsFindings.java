package dev.mixlaw.api.rounds;

import java.nio.file.Path;
import java.util.List;

/** What rounds found. */
public interface RoundsFindings {
  Rounds rounds();

  /** What was planned, and on which engine. */
  RoundsPlan plan();

  /** Every model, round 0 first. */
  List<RoundRun> runs();

  /** In the order of the description. */
  List<StrategyFindings> strategies();

  /** What a reader should know: of the text, the plan, and chains that broke off. */
  List<String> warnings();

  /**
   * Writes a self-contained HTML report, and beside it {@code results.json}.
   *
   * @param html the file to write; its directory is made if it is missing
   */
  void report(Path html);
}
