package dev.mixlaw.eval.report;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.rounds.RoundsFindings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes findings as an HTML page for people and as JSON for programs. Every file is written
 * atomically: a reader sees either the old file or the new file.
 */
public final class Reports {
  private static final String RESULTS = "results.json";
  private static final String RUNS = "runs.jsonl";

  private Reports() {}

  /**
   * Writes the report of a study, and {@code results.json} and {@code runs.jsonl} in the same
   * directory, which is created if it is missing.
   *
   * @param sections further sections, shown after the standard sections
   * @throws MixlawException of kind STORAGE if a file cannot be written, or if {@code html} is a
   *     directory or has the name of one of the other files
   */
  public static void write(Findings findings, Path html, ReportSection... sections) {
    Path target = target(html, "Findings.report", RESULTS, RUNS);
    DurableFile.write(target.resolveSibling(RESULTS), ResultsJson.results(findings));
    DurableFile.write(target.resolveSibling(RUNS), ResultsJson.runs(findings));
    StudyReport.page(findings, List.of(sections)).write(target);
  }

  /** Returns the sentences of {@link Findings#summary}. */
  public static List<String> summary(Findings findings) {
    return Summary.of(new FindingsIndex(findings));
  }

  /**
   * Writes the content of a study's {@code results.json} to a file of any name, and writes no other
   * file.
   *
   * @throws MixlawException of kind STORAGE if the file cannot be written
   */
  public static void writeResults(Findings findings, Path json) {
    DurableFile.write(json, ResultsJson.results(findings));
  }

  /**
   * Writes the report of rounds, and {@code results.json} in the same directory, which is created
   * if it is missing.
   *
   * @throws MixlawException of kind STORAGE if a file cannot be written, or if {@code html} is a
   *     directory or has the name of the other file
   */
  public static void write(RoundsFindings findings, Path html) {
    Path target = target(html, "RoundsFindings.report", RESULTS);
    DurableFile.write(target.resolveSibling(RESULTS), RoundsJson.of(findings));
    RoundsReport.page(findings).write(target);
  }

  /**
   * Writes the content of the {@code results.json} of rounds to a file of any name, and writes no
   * other file.
   *
   * @throws MixlawException of kind STORAGE if the file cannot be written
   */
  public static void writeResults(RoundsFindings findings, Path json) {
    DurableFile.write(json, RoundsJson.of(findings));
  }

  /**
   * Returns the absolute path of a report, and refuses a directory or the name of a data file.
   * Names are compared without regard to case, because some file systems ignore case.
   */
  private static Path target(Path html, String method, String... others) {
    Path target = html.toAbsolutePath().normalize();
    String name = String.valueOf(target.getFileName());
    boolean taken = List.of(others).stream().anyMatch(name::equalsIgnoreCase);
    if (taken || Files.isDirectory(target)) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem(
              "report " + html,
              taken ? "the name of a data file of the report" : "a directory",
              "an HTML file in the same directory as " + String.join(" and ", others),
              "pass another path to " + method));
    }
    return target;
  }
}
