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
 * A table of measured losses, this SDK's or anyone's, analysed as a study is: no training needed.
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
 * <p>One row is one run. Rows of the same mixture, N and D are seeds of one point, numbered in the
 * table's order. The table has the losses alone, so intervals hold the noise between seeds and, of
 * laws, the scatter about them, but not the noise of the evaluation's documents.
 *
 * <p>What a mixture is follows from the table's columns:
 *
 * <ul>
 *   <li>shares of a fixed total ({@link LossTable#share}): corpora and shares; a mixture of corpora
 *       is named after them, {@code web+hq-33}, unless {@link #mixture} names the column that does;
 *   <li>amounts added to human text ({@link LossTable#added}): D is the sum, the synthetic share s
 *       = r/(1+r) with r synthetic over human tokens;
 *   <li>neither: {@link #mixture} is needed, and nothing is said of best shares.
 * </ul>
 *
 * @param table with the columns of N and D, or of N and human and synthetic tokens
 * @param unit of the losses; bits per byte are shown as nats per byte
 * @param study name
 * @param losses columns, each a domain; one that is called loss unless said
 * @param mixture column of mixtures' names
 * @param baseline mixture that others are compared with; the first of the table unless said
 */
public record RunTable(
    LossTable table,
    LossUnit unit,
    String study,
    List<String> losses,
    Optional<String> mixture,
    Optional<String> baseline) {

  public RunTable {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(study, "study");
    losses = List.copyOf(losses);
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(baseline, "baseline");
  }

  /** A table as described by its columns. */
  public static RunTable of(LossTable table, LossUnit unit) {
    return new RunTable(table, unit, "table", List.of("loss"), Optional.empty(), Optional.empty());
  }

  /** What a report calls it. */
  public RunTable named(String name) {
    return new RunTable(table, unit, name, losses, mixture, baseline);
  }

  /** Columns of losses, each a domain. */
  public RunTable losses(String... columns) {
    return new RunTable(table, unit, study, List.of(columns), mixture, baseline);
  }

  /** Column of mixtures' names. */
  public RunTable mixture(String column) {
    return new RunTable(table, unit, study, losses, Optional.of(column), baseline);
  }

  /** The mixture that others are compared with. */
  public RunTable baseline(String name) {
    return new RunTable(table, unit, study, losses, mixture, Optional.of(name));
  }

  /**
   * Reads the table and finds what it says.
   *
   * @throws MixlawException listing what is wrong with the table, with lines and columns
   */
  public Findings analyze() {
    RunTableStudy runs = RunTableStudy.read(this);
    LossUnit shown =
        unit == LossUnit.NATS_PER_TOKEN ? LossUnit.NATS_PER_TOKEN : LossUnit.NATS_PER_BYTE;
    return new StudyAnalyst().analyze(runs.provenance(), runs.runs(), shown);
  }
}
