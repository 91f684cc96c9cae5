package dev.mixlaw.eval.table;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.analysis.StudyAnalyst;
import java.util.Objects;
import java.util.Optional;

/**
 * A table of losses from any training program, which is analyzed like a study without training any
 * model.
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
 * <p>Each row is a run or a checkpoint of a run. Rows with the same mixture, N and D are seeds of
 * one point. Seeds are numbered in the order of the rows, or of the runs if {@link
 * LossTable#cluster} sets a column. Intervals include seed noise and the scatter about the laws,
 * but not the uncertainty due to evaluation documents, because a table has no losses per document.
 *
 * <p>The columns of the table define the mixtures:
 *
 * <ul>
 *   <li>If the table has shares of a fixed total ({@link LossTable#share}), the name of a mixture
 *       consists of its corpora and shares, such as {@code web+hq-33}, unless {@link #mixture} sets
 *       a column of names.
 *   <li>If the table has tokens added to human text ({@link LossTable#added}), D is the sum, and
 *       the synthetic share is s = r/(1+r), where r is the ratio of synthetic to human tokens.
 *   <li>Otherwise, {@link #mixture} is required, and there are no best shares.
 * </ul>
 *
 * @param table table with columns of N and D, or of N, human tokens and synthetic tokens
 * @param study name of the study; default: {@code table}
 * @param baseline mixture with which other mixtures are compared; default: the mixture of the first
 *     row
 * @param words statistics of the words in each mixture and loss column; default: none
 */
public record RunTable(
    LossTable table, String study, Optional<String> baseline, Optional<WordComparison> words) {

  /** Checks that no component is null. */
  public RunTable {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(study, "study");
    Objects.requireNonNull(baseline, "baseline");
    Objects.requireNonNull(words, "words");
  }

  /**
   * Describes the runs of a table.
   *
   * @param unit unit of the losses and of the findings
   */
  public static RunTable of(LossTable table, LossUnit unit) {
    return new RunTable(table.unit(unit), "table", Optional.empty(), Optional.empty());
  }

  /** Returns a copy with a different study name to show in the report. */
  public RunTable named(String name) {
    return new RunTable(table, name, baseline, words);
  }

  /** Returns a copy with other loss columns, one for each domain. */
  public RunTable losses(String... columns) {
    return new RunTable(table.loss(columns), study, baseline, words);
  }

  /** Returns a copy with a column of mixture names. */
  public RunTable mixture(String column) {
    return new RunTable(table.mixture(column), study, baseline, words);
  }

  /**
   * Returns a copy with another baseline, which is the mixture with which other mixtures are
   * compared.
   */
  public RunTable baseline(String name) {
    return new RunTable(table, study, Optional.of(name), words);
  }

  /**
   * Returns a copy with statistics of words, whose rank correlations with the losses become {@link
   * Findings#wordCorrelations}.
   */
  public RunTable words(WordComparison comparison) {
    return new RunTable(table, study, baseline, Optional.of(comparison));
  }

  /**
   * Reads and analyzes the table.
   *
   * @throws MixlawException of kind DATA if the table is invalid; the exception lists up to twenty
   *     problems with line and column
   */
  public Findings analyze() {
    RunTableStudy runs = RunTableStudy.read(this);
    return new StudyAnalyst().analyze(runs.provenance(), runs.runs(), runs.metric());
  }
}
