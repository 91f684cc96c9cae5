package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.rounds.StrategyFindings;
import dev.mixlaw.eval.report.Reports;
import java.nio.file.Path;
import java.util.List;

record AnalyzedRounds(
    Rounds rounds,
    RoundsPlan plan,
    List<RoundRun> runs,
    List<StrategyFindings> strategies,
    List<String> warnings)
    implements RoundsFindings {
  AnalyzedRounds {
    runs = List.copyOf(runs);
    strategies = List.copyOf(strategies);
    warnings = List.copyOf(warnings);
  }

  @Override
  public void report(Path html) {
    Reports.write(this, html);
  }
}
