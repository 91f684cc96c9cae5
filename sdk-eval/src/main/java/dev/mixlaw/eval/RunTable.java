package dev.mixlaw.eval;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.analysis.StudyAnalyst;
import dev.mixlaw.eval.table.LossTable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A table of measured losses from any trainer, analysed like a study. No training is needed.
 *
 * <pre>{@code
 * Findings f =
 *     RunTable.of(
 *             LossTable.csv(path).params("params").tokens("tokens").share("web", "web").share("hq", "hq"),
 *             LossUnit.NATS_PER_TOKEN)
 *         .losses("wiki", "code")
 *         .baseline("web")
 *         .analyze();
 * }</pre>
 *
 * <p>One row is one run. Rows with the same mixture, N and D are seeds of one point, numbered in
 * the order of the table. Intervals include seed noise and the scatter about the laws. They do not
 * include the uncertainty due to evaluation documents, since a table has no losses by document.
 *
 * <p>The columns of the table define the mixtures:
 *
 * <ul>
 *   <li>shares of a fixed total ({@link LossTable#share}): a mixture is named after its corpora and
 *       shares, such as {@code web+hq-33}, unless {@link #mixture} sets a column of names;
 *   <li>amounts added to human text ({@link LossTable#added}): D is the sum, and the synthetic
 *       share is s = r/(1+r), where r is the ratio of synthetic to human tokens;
 *   <li>neither: {@link #mixture} is required, and there are no best shares.
 * </ul>
 *
 * @param table columns of N and D, or of N and human and synthetic tokens
 * @param unit unit of the losses; findings show bits per byte as nats per byte
 * @param study name of the study; default: {@code table}
 * @param losses columns of losses, one for each domain; default: {@code loss}
 * @param mixture column of mixture names; default: names from the shares
 * @param baseline mixture that others are compared with; default: that of the first row
 */
public record RunTable(
    LossTable table,
    LossUnit unit,
    String study,
    List<String> losses,
    Optional<String> mixture,
    Optional<String> baseline) {

  /** Checks for null. */
  public RunTable {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(study, "study");
    losses = List.copyOf(losses);
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(baseline, "baseline");
  }

  /** Describes a table with one loss column, {@code loss}. */
  public static RunTable of(LossTable table, LossUnit unit) {
    return new RunTable(table, unit, "table", List.of("loss"), Optional.empty(), Optional.empty());
  }

  /** Returns a copy with a name for the report. */
  public RunTable named(String name) {
    return new RunTable(table, unit, name, losses, mixture, baseline);
  }

  /** Returns a copy with other loss columns, one for each domain. */
  public RunTable losses(String... columns) {
    return new RunTable(table, unit, study, List.of(columns), mixture, baseline);
  }

  /** Returns a copy with a column of mixture names. */
  public RunTable mixture(String column) {
    return new RunTable(table, unit, study, losses, Optional.of(column), baseline);
  }

  /** Returns a copy with the mixture that others are compared with. */
  public RunTable baseline(String name) {
    return new RunTable(table, unit, study, losses, mixture, Optional.of(name));
  }

  /**
   * Reads and analyses the table.
   *
   * @throws MixlawException of kind DATA with all problems of the table, by line and column
   */
  public Findings analyze() {
    RunTableStudy runs = RunTableStudy.read(this);
    LossUnit shown =
        unit == LossUnit.NATS_PER_TOKEN ? LossUnit.NATS_PER_TOKEN : LossUnit.NATS_PER_BYTE;
    return new StudyAnalyst().analyze(runs.provenance(), runs.runs(), shown);
  }
}
