package dev.mixlaw.eval.table;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Observations.Observation;
import dev.mixlaw.eval.mixture.MixtureRuns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A table of measured losses in one or two files, for use with laws, mixture models and {@link
 * RunTable}. The package documentation describes its columns.
 *
 * <pre>{@code
 * LossTable.Content content =
 *     LossTable.csv(path).params("params").tokens("tokens").loss("loss").unit(NATS_PER_TOKEN).read();
 * LawFitter.of(LawForms.CHINCHILLA).fit(content.observations());
 * }</pre>
 *
 * <p>A table is immutable, and each setter returns a new table. Rows are streamed, and only rows
 * that satisfy every condition are kept.
 */
public final class LossTable implements Cloneable {
  static final int MAX_KEPT = 1_000_000;

  final Path file;
  final boolean json;

  /**
   * Map from input to column, in the order of the inputs of the observations. Shares follow these
   * inputs.
   */
  Map<Input, String> inputs = new LinkedHashMap<>();

  /** Map from source to the column of its share. */
  Map<String, String> shares = new LinkedHashMap<>();

  List<String> losses = List.of();

  /** Map from column to metric, for columns that are not losses. */
  Map<String, Metric> metrics = new LinkedHashMap<>();

  Optional<LossUnit> unit = Optional.empty();
  Optional<String> weight = Optional.empty();
  Optional<String> cluster = Optional.empty();
  Optional<String> mixture = Optional.empty();
  List<Condition> conditions = new ArrayList<>();
  List<Condition> heldOut = new ArrayList<>();
  boolean decimalComma;
  boolean skipEmpty;

  /** The file with the losses, if they are in a separate file. */
  Optional<Path> lossFile = Optional.empty();

  Optional<String> index = Optional.empty();

  /**
   * The content of a table.
   *
   * @param losses map from column to observations, for each loss column and each metric whose lower
   *     values are better; observations are in the order of the file and have the inputs whose
   *     columns were set
   * @param heldOut labels ({@code file:line}) of the observations that satisfy {@link
   *     LossTable#heldOut}
   * @param leftOut number of rows that did not satisfy every condition
   * @param empty number of rows that {@link LossTable#skipEmpty} omitted
   */
  public record Content(
      Map<String, Observations> losses,
      LossUnit unit,
      Set<String> heldOut,
      long leftOut,
      long empty,
      List<String> warnings) {
    public Content {
      losses = Collections.unmodifiableMap(new LinkedHashMap<>(losses));
      heldOut = Set.copyOf(heldOut);
      warnings = List.copyOf(warnings);
    }

    /** Returns the observations of the first loss column. */
    public Observations observations() {
      return losses.values().iterator().next();
    }

    /**
     * Returns a predicate for {@link dev.mixlaw.eval.law.LawFitter#heldOut} that selects the
     * held-out observations.
     */
    public Predicate<Observation> isHeldOut() {
      return o -> heldOut.contains(o.label());
    }
  }

  private LossTable(Path file, boolean json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Returns a table in a file, which is a {@link #jsonl} file if its name ends in {@code .jsonl} or
   * {@code .jsonl.gz}, otherwise a {@link #csv} file.
   */
  public static LossTable file(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz") ? jsonl(file) : csv(file);
  }

  /**
   * Returns a table in a CSV file with a header, which is decompressed if its name ends in {@code
   * .gz}. This method does not read the file yet.
   */
  public static LossTable csv(Path file) {
    return new LossTable(file, false);
  }

  /**
   * Returns a table in a file with one JSON object per line, which is decompressed if its name ends
   * in {@code .gz}. This method does not read the file yet.
   */
  public static LossTable jsonl(Path file) {
    return new LossTable(file, true);
  }

  /** Sets the column of N, the number of parameters. */
  public LossTable params(String column) {
    return input(Input.params(1), column);
  }

  /** Sets the column of D, the number of training tokens. */
  public LossTable tokens(String column) {
    return input(Input.tokens(1), column);
  }

  /** Sets the column of U, the number of distinct tokens before repetition. */
  public LossTable uniqueTokens(String column) {
    return input(new Input(Input.UNIQUE, "distinct tokens", true, 1), column);
  }

  /** Sets the columns of the numbers of human tokens and of added synthetic tokens. */
  public LossTable added(String humanColumn, String syntheticColumn) {
    return input(new Input(Input.HUMAN, "human tokens", true, 1), humanColumn)
        .input(new Input(Input.SYNTHETIC, "synthetic tokens", false, 1), syntheticColumn);
  }

  /** Sets the column of an input of a law. */
  public LossTable input(Input input, String column) {
    return with(t -> t.inputs.put(input, column));
  }

  /**
   * Sets the column of the share of a source in a fixed total, which becomes the input {@code
   * share_SOURCE}. If several shares are set, they must sum to 1 in each row. A single share can
   * have any value from 0 to 1.
   */
  public LossTable share(String source, String column) {
    return with(t -> t.shares.put(source, column));
  }

  /** Sets the loss columns, for example one column for each domain. Default: {@code loss}. */
  public LossTable loss(String... columns) {
    return with(t -> t.losses = List.of(columns));
  }

  /**
   * Adds the column of another metric, which is analyzed like a loss (see {@link
   * dev.mixlaw.api.results.Findings#by}). A table with such a column needs no loss column.
   *
   * @param metric metric of the column; laws can be fitted to it if lower values are better
   */
  public LossTable metric(String column, Metric metric) {
    return with(t -> t.metrics.put(column, metric));
  }

  /** Sets the unit of the losses. Default: nats per token, with a warning. */
  public LossTable unit(LossUnit said) {
    return with(t -> t.unit = Optional.of(said));
  }

  /**
   * Sets the column with the weight of a row in a fit, above 0, such as the number of seeds that
   * were averaged. Default: 1.
   */
  public LossTable weight(String column) {
    return with(t -> t.weight = Optional.of(column));
  }

  /**
   * Sets the column that identifies the training run of each checkpoint. Rows of the same run are
   * not independent. Default: every row is a separate run.
   */
  public LossTable cluster(String column) {
    return with(t -> t.cluster = Optional.of(column));
  }

  /**
   * Keeps only rows that satisfy this condition and all earlier conditions. If the table has no
   * column {@code flops}, a condition on {@code flops} refers to 6·N·D, in FLOPs.
   *
   * @param condition column, one of {@code = != < <= > >=}, and value, such as {@code
   *     train_corpus=rpj}, {@code tokens>1e11}, {@code token_multiplier=1|16} (either value) or
   *     {@code loss!=} (not empty)
   * @throws IllegalArgumentException if the text is not a valid condition
   */
  public LossTable where(String condition) {
    return with(t -> t.conditions.add(Condition.parse(condition)));
  }

  /**
   * Marks rows as held out if they satisfy this condition and all earlier conditions for held-out
   * rows.
   *
   * @param condition condition as in {@link #where}
   * @throws IllegalArgumentException if the text is not a valid condition
   */
  public LossTable heldOut(String condition) {
    return with(t -> t.heldOut.add(Condition.parse(condition)));
  }

  /**
   * Omits rows with an empty cell in a column that is read. By default, an empty cell is an error.
   */
  public LossTable skipEmpty() {
    return with(t -> t.skipEmpty = true);
  }

  /**
   * Reads numbers with a decimal comma, such as {@code 2,34}. By default, numbers have a decimal
   * point.
   */
  public LossTable decimalComma() {
    return with(t -> t.decimalComma = true);
  }

  /**
   * Reads the losses from a second CSV file, whose rows can be in any order. The column of {@link
   * #index} identifies the matching rows of both files.
   */
  public LossTable joined(Path losses) {
    return with(t -> t.lossFile = Optional.of(losses));
  }

  /**
   * Sets the column that identifies matching rows of both files. Default: the first column of this
   * table.
   */
  public LossTable index(String column) {
    return with(t -> t.index = Optional.of(column));
  }

  LossTable mixture(String column) {
    return with(t -> t.mixture = Optional.of(column));
  }

  Metric metricOf(String column) {
    return metrics.getOrDefault(column, Metric.of(unit.orElse(LossUnit.NATS_PER_TOKEN)));
  }

  private LossTable with(Consumer<LossTable> change) {
    try {
      LossTable copy = (LossTable) clone();
      copy.inputs = new LinkedHashMap<>(inputs);
      copy.shares = new LinkedHashMap<>(shares);
      copy.metrics = new LinkedHashMap<>(metrics);
      copy.conditions = new ArrayList<>(conditions);
      copy.heldOut = new ArrayList<>(heldOut);
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Reads the table.
   *
   * @throws MixlawException if the table is invalid; the exception lists up to twenty problems with
   *     their lines
   */
  public Content read() {
    return TableReader.read(this, false).content();
  }

  /**
   * Reads the table as runs for mixture models, with N and D if their columns were set.
   *
   * <p>If share columns were set, they define the sources. Otherwise, the sources are all columns
   * of the first CSV file that have no other use. The domains are the columns of {@link #loss} or,
   * by default, all columns of the second file.
   *
   * @throws MixlawException if the table is invalid; the exception lists up to twenty problems with
   *     their lines
   */
  public MixtureRuns mixtureRuns() {
    return TableReader.read(this, true).mixtureRuns();
  }
}
