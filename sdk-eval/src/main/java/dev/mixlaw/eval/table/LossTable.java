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
 * A table of measured losses in a file, or in two files, for laws, mixture models and {@link
 * RunTable}. The package documentation describes its columns.
 *
 * <pre>{@code
 * LossTable.Content content =
 *     LossTable.csv(path).params("params").tokens("tokens").loss("loss").unit(NATS_PER_TOKEN).read();
 * LawFitter.of(LawForms.CHINCHILLA).fit(content.observations());
 * }</pre>
 *
 * <p>A table is immutable: each setting returns a new one. Rows are streamed, and only rows that
 * meet every condition are kept.
 */
public final class LossTable implements Cloneable {
  /** Largest number of rows that are kept. */
  static final int MAX_KEPT = 1_000_000;

  final Path file;
  final boolean json;

  /** Column of each input, in the order of the observations' inputs; shares follow. */
  Map<Input, String> inputs = new LinkedHashMap<>();

  /** Column of the share of each source. */
  Map<String, String> shares = new LinkedHashMap<>();

  List<String> losses = List.of();

  /** Metric of each column that is not a loss. */
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
   * @param losses observations for each loss column, and for each column of a metric whose lower
   *     values are better, in the order of the file, with the inputs for which columns were set
   * @param unit unit of the losses
   * @param heldOut labels ({@code file:line}) of the observations that meet {@link
   *     LossTable#heldOut}
   * @param leftOut number of rows that did not meet every condition
   * @param empty number of rows that {@link LossTable#skipEmpty} left out
   * @param warnings warnings of the reader
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
   * Returns {@link #jsonl} for a file whose name ends in {@code .jsonl} or {@code .jsonl.gz},
   * otherwise {@link #csv}.
   */
  public static LossTable file(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz") ? jsonl(file) : csv(file);
  }

  /**
   * Returns a table in a CSV file with a header, decompressed if its name ends in {@code .gz}. The
   * file is not read yet.
   */
  public static LossTable csv(Path file) {
    return new LossTable(file, false);
  }

  /**
   * Returns a table in a file with one JSON object per line, decompressed if its name ends in
   * {@code .gz}. The file is not read yet.
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

  /** Sets the columns of human tokens and of synthetic tokens added to the human tokens. */
  public LossTable added(String humanColumn, String syntheticColumn) {
    return input(new Input(Input.HUMAN, "human tokens", true, 1), humanColumn)
        .input(new Input(Input.SYNTHETIC, "synthetic tokens", false, 1), syntheticColumn);
  }

  /** Sets the column of an input of a law. */
  public LossTable input(Input input, String column) {
    return with(t -> t.inputs.put(input, column));
  }

  /**
   * Sets the column of a source's share in a fixed total, which is read as the input {@code
   * share_SOURCE}. Several shares must sum to 1. A single share may have any value from 0 to 1.
   */
  public LossTable share(String source, String column) {
    return with(t -> t.shares.put(source, column));
  }

  /** Sets the loss columns, for example one column per domain. Default: {@code loss}. */
  public LossTable loss(String... columns) {
    return with(t -> t.losses = List.of(columns));
  }

  /**
   * Adds the column of any other metric, which is analysed in the same way as a loss: see {@link
   * dev.mixlaw.api.results.Findings#by}. A table of such columns needs no loss column.
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
   * Sets the column with the weight of a row in a fit, above 0, such as the number of seeds over
   * which its loss is averaged. Default: 1.
   */
  public LossTable weight(String column) {
    return with(t -> t.weight = Optional.of(column));
  }

  /**
   * Sets the column that identifies the training run of each checkpoint. Rows of one run are not
   * independent. Default: every row is a separate run.
   */
  public LossTable cluster(String column) {
    return with(t -> t.cluster = Optional.of(column));
  }

  /**
   * Keeps only rows that meet this condition and all earlier ones. A condition on {@code flops}
   * tests 6·N·D, in FLOPs, if the table has no such column.
   *
   * @param condition a column, one of {@code = != < <= > >=} and a value, such as {@code
   *     train_corpus=rpj}, {@code tokens>1e11}, {@code token_multiplier=1|16} (either value) or
   *     {@code loss!=} (not empty)
   * @throws IllegalArgumentException if the text is not a condition
   */
  public LossTable where(String condition) {
    return with(t -> t.conditions.add(Condition.parse(condition)));
  }

  /**
   * Marks rows as held out if they meet this condition and all earlier ones.
   *
   * @param condition a condition as in {@link #where}
   * @throws IllegalArgumentException if the text is not a condition
   */
  public LossTable heldOut(String condition) {
    return with(t -> t.heldOut.add(Condition.parse(condition)));
  }

  /**
   * Leaves out rows with an empty cell in a column that is read. Default: an empty cell is an
   * error.
   */
  public LossTable skipEmpty() {
    return with(t -> t.skipEmpty = true);
  }

  /** Reads numbers with a decimal comma, such as {@code 2,34}. Default: a decimal point. */
  public LossTable decimalComma() {
    return with(t -> t.decimalComma = true);
  }

  /**
   * Reads the losses from a second CSV file. Rows with the same value in the column that {@link
   * #index} sets belong together, in any order.
   */
  public LossTable joined(Path losses) {
    return with(t -> t.lossFile = Optional.of(losses));
  }

  /** Sets the column that joins the two files. Default: the first column of this table. */
  public LossTable index(String column) {
    return with(t -> t.index = Optional.of(column));
  }

  /** Sets the column of the mixture's name. */
  LossTable mixture(String column) {
    return with(t -> t.mixture = Optional.of(column));
  }

  /** Returns the metric of a column of losses or of another metric. */
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
   * @throws MixlawException if the table is not valid; the exception lists up to twenty problems
   *     with their lines
   */
  public Content read() {
    return TableReader.read(this, false).content();
  }

  /**
   * Reads the runs of a table for mixture models, with N and D if their columns were set.
   *
   * <p>If share columns were set, they define the sources. Otherwise, the sources are all columns
   * of a CSV file that have no other use, and the domains are all columns of a second file, unless
   * {@link #loss} names the domains.
   *
   * @throws MixlawException if the table is not valid; the exception lists up to twenty problems
   *     with their lines
   */
  public MixtureRuns mixtureRuns() {
    return TableReader.read(this, true).mixtureRuns();
  }
}
