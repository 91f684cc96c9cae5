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
 * A table of losses in a file, which is read as observations. The package documentation describes
 * its columns.
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
public final class LossTable {
  /** Largest number of rows that are kept. */
  public static final int MAX_KEPT = 1_000_000;

  private final Supplier<TableRows> source;
  private final Wanted wanted;

  /**
   * The content of a table.
   *
   * @param observations observations in the file's order, with the inputs whose columns were named
   * @param unit unit of the losses
   * @param heldOut labels ({@code file:line}) of the observations that meet {@link
   *     LossTable#heldOut}
   * @param leftOut number of rows that did not meet every condition
   * @param warnings warnings of the reader
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

    /** Returns a condition for {@link dev.mixlaw.eval.law.LawFitter#heldOut}. */
    public Predicate<Observation> isHeldOut() {
      return o -> heldOut.contains(o.label());
    }
  }

  private LossTable(Supplier<TableRows> source, Wanted wanted) {
    this.source = source;
    this.wanted = wanted;
  }

  /**
   * Returns {@link #jsonl} for a file named {@code .jsonl} or {@code .jsonl.gz}, else {@link #csv}.
   */
  public static LossTable file(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz") ? jsonl(file) : csv(file);
  }

  /**
   * Returns a table of a CSV file with a header, compressed if its name ends in {@code .gz}.
   * Nothing is read yet.
   */
  public static LossTable csv(Path file) {
    return new LossTable(() -> new CsvRows(file), new Wanted());
  }

  /**
   * Returns a table of a file with one JSON object per line, compressed or not. Nothing is read
   * yet.
   */
  public static LossTable jsonl(Path file) {
    return new LossTable(() -> new JsonlRows(file), new Wanted());
  }

  /** Sets the column of N, the number of parameters. */
  public LossTable params(String column) {
    return input(Input.params(1), column);
  }

  /** Sets the column of D, the training tokens. */
  public LossTable tokens(String column) {
    return input(Input.tokens(1), column);
  }

  /** Sets the column of U, the distinct tokens before repetition. */
  public LossTable uniqueTokens(String column) {
    return input(new Input(Input.UNIQUE, "distinct tokens", true, 1), column);
  }

  /** Sets the columns of human tokens and of synthetic tokens added to them. */
  public LossTable added(String humanColumn, String syntheticColumn) {
    return input(new Input(Input.HUMAN, "human tokens", true, 1), humanColumn)
        .input(new Input(Input.SYNTHETIC, "synthetic tokens", false, 1), syntheticColumn);
  }

  /** Sets the column of an input of a law. */
  public LossTable input(Input input, String column) {
    return with(w -> w.inputs.put(input, column));
  }

  /**
   * Sets the column of a source's share in a fixed total, which is read as input {@code
   * share_SOURCE}. Several shares must sum to 1. A single share may have any value from 0 to 1.
   */
  public LossTable share(String name, String column) {
    return with(w -> w.shares.put(Input.share(name), column));
  }

  /** Sets the column of the loss. Default: {@code loss}. */
  public LossTable loss(String column) {
    return with(w -> w.loss = column);
  }

  /** Sets the unit of the loss. Default: nats per token, with a warning. */
  public LossTable unit(LossUnit said) {
    return with(w -> w.unit = Optional.of(said));
  }

  /** Keeps only rows that meet this condition and all earlier ones. */
  public LossTable where(Condition condition) {
    return with(w -> w.conditions.add(condition));
  }

  /** Marks rows as held out if they meet this condition and all earlier ones. */
  public LossTable heldOut(Condition condition) {
    return with(w -> w.heldOut.add(condition));
  }

  /** Reads numbers with a decimal comma, such as {@code 2,34}. Default: decimal point. */
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
