package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.rounds.RoundFigures;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.rounds.Strategy;
import dev.mixlaw.eval.report.Reports;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

record AnalyzedRounds(
    Rounds rounds,
    RoundsPlan plan,
    List<RoundRun> runs,
    Map<Strategy, List<RoundFigures>> figures,
    Map<Strategy, Collapse> verdicts,
    List<String> warnings)
    implements RoundsFindings {
  AnalyzedRounds {
    runs = List.copyOf(runs);
    figures = Collections.unmodifiableMap(figures);
    verdicts = Collections.unmodifiableMap(verdicts);
    warnings = List.copyOf(warnings);
  }

  @Override
  public void report(Path html) {
    Reports.write(this, html);
  }
}
