package dev.mixlaw.eval.report;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.spi.ReportWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a report as three files, each of them whole or not at all. */
public final class StudyReport implements ReportWriter {
  private static final String RESULTS = "results.json";
  private static final String RUNS = "runs.jsonl";

  @Override
  public void write(Findings findings, Path html) {
    Path target = html.toAbsolutePath().normalize();
    if (Files.isDirectory(target) || isData(target)) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem(
              "report " + html,
              isData(target) ? "the name of the data beside the report" : "a directory",
              "an HTML file, beside which " + RESULTS + " and " + RUNS + " are written",
              "Findings.report"));
    }
    DurableFile.write(target.resolveSibling(RESULTS), ResultsJson.results(findings));
    DurableFile.write(target.resolveSibling(RUNS), ResultsJson.runs(findings));
    DurableFile.write(target, ReportPage.of(findings).getBytes(StandardCharsets.UTF_8));
  }

  /** Writes what {@code results.json} holds to a file of any name, and nothing else. */
  public void writeResults(Findings findings, Path json) {
    DurableFile.write(json, ResultsJson.results(findings));
  }

  /** Some file systems hold names that differ in case for the same. */
  private static boolean isData(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.equalsIgnoreCase(RESULTS) || name.equalsIgnoreCase(RUNS);
  }
}
