package dev.mixlaw.eval.table;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Observations.Observation;
import dev.mixlaw.eval.table.internal.CsvRows;
import dev.mixlaw.eval.table.internal.JsonlRows;
import dev.mixlaw.eval.table.internal.TableRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A table of losses in a file, to be read as observations; see the package for the schema.
 *
 * <pre>{@code
 * LossTable.Content content =
 *     LossTable.csv(path).params("params").tokens("tokens").loss("loss").unit(NATS_PER_TOKEN).read();
 * LawFitter.of(LawForms.CHINCHILLA).fit(content.observations());
 * }</pre>
 *
 * <p>Immutable: each setting returns a new table. Rows are streamed; only those that meet every
 * condition are kept.
 */
public final class LossTable {
  /** Most rows kept. */
  public static final int MAX_KEPT = 1_000_000;

  private final Supplier<TableRows> source;
  private final Wanted wanted;

  /**
   * What was read.
   *
   * @param observations in the file's order; inputs are those whose columns were named
   * @param unit of the losses
   * @param heldOut labels ({@code file:line}) of the observations that meet {@link
   *     LossTable#heldOut}
   * @param leftOut rows that did not meet every condition
   * @param warnings what a reader must know
   */
  public record Content(
      Observations observations,
      LossUnit unit,
      Set<String> heldOut,
      long leftOut,
      List<String> warnings) {
    public Content {
      heldOut = Set.copyOf(heldOut);
      warnings = List.copyOf(warnings);
    }

    /** For {@link dev.mixlaw.eval.law.LawFitter#heldOut}. */
    public Predicate<Observation> isHeldOut() {
      return o -> heldOut.contains(o.label());
    }
  }

  private LossTable(Supplier<TableRows> source, Wanted wanted) {
    this.source = source;
    this.wanted = wanted;
  }

  /** {@link #jsonl} for a {@code .jsonl} or {@code .jsonl.gz}, else {@link #csv}. */
  public static LossTable file(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz") ? jsonl(file) : csv(file);
  }

  /** A CSV file with a header, packed by gzip if its name ends so; nothing is read yet. */
  public static LossTable csv(Path file) {
    return new LossTable(() -> new CsvRows(file), new Wanted());
  }

  /** A file of JSON objects, one a line, packed or not; nothing is read yet. */
  public static LossTable jsonl(Path file) {
    return new LossTable(() -> new JsonlRows(file), new Wanted());
  }

  /** Column of N. */
  public LossTable params(String column) {
    return input(Input.params(1), column);
  }

  /** Column of D. */
  public LossTable tokens(String column) {
    return input(Input.tokens(1), column);
  }

  /** Column of U, the tokens before any repeat. */
  public LossTable uniqueTokens(String column) {
    return input(new Input(Input.UNIQUE, "distinct tokens", true, 1), column);
  }

  /** Columns of human tokens and of synthetic ones added to them. */
  public LossTable added(String humanColumn, String syntheticColumn) {
    return input(new Input(Input.HUMAN, "human tokens", true, 1), humanColumn)
        .input(new Input(Input.SYNTHETIC, "synthetic tokens", false, 1), syntheticColumn);
  }

  /** Column of an input, by its name in a law. */
  public LossTable input(Input input, String column) {
    return with(w -> w.inputs.put(input, column));
  }

  /**
   * Column of a source's share in a fixed total; read as input {@code share_SOURCE}. Several must
   * sum to 1; one alone is that source's share, whatever the others are.
   */
  public LossTable share(String name, String column) {
    return with(w -> w.shares.put(Input.share(name), column));
  }

  /** Column of the loss, unless it is {@code loss}. */
  public LossTable loss(String column) {
    return with(w -> w.loss = column);
  }

  /** Unit of the loss; nats per token, with a warning, if it is not said. */
  public LossTable unit(LossUnit said) {
    return with(w -> w.unit = Optional.of(said));
  }

  /** Keeps only rows that meet a condition, and earlier ones. */
  public LossTable where(Condition condition) {
    return with(w -> w.conditions.add(condition));
  }

  /** Marks rows that meet a condition, and earlier ones, as held out. */
  public LossTable heldOut(Condition condition) {
    return with(w -> w.heldOut.add(condition));
  }

  /** Numbers are written with a comma: {@code 2,34}. */
  public LossTable decimalComma() {
    return with(w -> w.decimalComma = true);
  }

  private LossTable with(Consumer<Wanted> change) {
    Wanted copy = new Wanted(wanted);
    change.accept(copy);
    return new LossTable(source, copy);
  }

  /**
   * Reads the table.
   *
   * @throws MixlawException listing what is wrong, up to twenty problems with their lines
   */
  public Content read() {
    return readBy().values().iterator().next();
  }

  /**
   * Reads one set of observations for each value of a column, in the order of first appearance.
   *
   * @throws MixlawException listing what is wrong, up to twenty problems with their lines
   */
  public Map<String, Content> readBy(String column) {
    return with(w -> w.group = Optional.of(column)).readBy();
  }

  private Map<String, Content> readBy() {
    try (TableRows rows = source.get()) {
      return new TableReading(rows, wanted).read();
    }
  }
}
