package dev.mixlaw.eval.report;

import dev.mixlaw.api.Findings;
import dev.mixlaw.api.spi.ReportWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes a report as three files, each of them whole or not at all. */
public final class FileReportWriter implements ReportWriter {
  @Override
  public void write(Findings findings, Path html) {
    Path target = html.toAbsolutePath();
    ReportFiles.write(target.resolveSibling("results.json"), ResultsJson.results(findings));
    ReportFiles.write(target.resolveSibling("runs.jsonl"), ResultsJson.runs(findings));
    ReportFiles.write(target, ReportPage.of(findings).getBytes(StandardCharsets.UTF_8));
  }

  /** Writes what {@code results.json} holds to a file of any name, and nothing else. */
  public void writeResults(Findings findings, Path json) {
    ReportFiles.write(json, ResultsJson.results(findings));
  }
}
