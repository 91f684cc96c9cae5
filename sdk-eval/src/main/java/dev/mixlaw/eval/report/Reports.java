package dev.mixlaw.eval.report;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.rounds.RoundsFindings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes findings as HTML for people and as JSON for programs. Files are replaced atomically, so a
 * reader sees either the old or the new file.
 */
public final class Reports {
  private static final String RESULTS = "results.json";
  private static final String RUNS = "runs.jsonl";

  private Reports() {}

  /**
   * Writes the report of a study as HTML, together with {@code results.json} and {@code runs.jsonl}
   * in the same directory. Creates the directory if necessary.
   *
   * @param sections additional sections, shown after the standard sections
   * @throws MixlawException of kind STORAGE if a file cannot be written, or if {@code html} is a
   *     directory or has the name of one of the other files
   */
  public static void write(Findings findings, Path html, ReportSection... sections) {
    Path target = target(html, "Findings.report", RESULTS, RUNS);
    DurableFile.write(target.resolveSibling(RESULTS), ResultsJson.results(findings));
    DurableFile.write(target.resolveSibling(RUNS), ResultsJson.runs(findings));
    StudyReport.page(findings, List.of(sections)).write(target);
  }

  /** Returns the main results as sentences; see {@link Findings#summary}. */
  public static List<String> summary(Findings findings) {
    return Summary.of(new FindingsIndex(findings));
  }

  /**
   * Writes the findings as JSON in the format of {@code results.json}. The file can have any name,
   * and no other file is written.
   *
   * @throws MixlawException of kind STORAGE if the file cannot be written
   */
  public static void writeResults(Findings findings, Path json) {
    DurableFile.write(json, ResultsJson.results(findings));
  }

  /**
   * Writes the report of rounds as HTML, together with {@code results.json} in the same directory.
   * Creates the directory if necessary.
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
   * Writes the findings of rounds as JSON in the format of {@code results.json}. The file can have
   * any name, and no other file is written.
   *
   * @throws MixlawException of kind STORAGE if the file cannot be written
   */
  public static void writeResults(RoundsFindings findings, Path json) {
    DurableFile.write(json, RoundsJson.of(findings));
  }

  /**
   * Returns the absolute path of a report. Rejects directories and the names of data files. Names
   * are compared without regard to case, because some file systems ignore case.
   */
  private static Path target(Path html, String method, String... others) {
    Path target = html.toAbsolutePath().normalize();
    String name = String.valueOf(target.getFileName());
    boolean taken = List.of(others).stream().anyMatch(name::equalsIgnoreCase);
    if (taken || Files.isDirectory(target)) {
      throw MixlawException.storage(
          "report " + html,
          taken ? "the name of a data file of the report" : "a directory",
          "an HTML file in the same directory as " + String.join(" and ", others),
          "pass another path to " + method);
    }
    return target;
  }
}
