package dev.mixlaw.eval.table;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Observations.Observation;
import dev.mixlaw.eval.table.internal.CsvRows;
import dev.mixlaw.eval.table.internal.JsonlRows;
import dev.mixlaw.eval.table.internal.TableRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** Column of each input, in the order of the observations' inputs. */
  private final Map<String, String> inputs;

  private final Map<String, String> shares;
  private final String loss;
  private final Optional<LossUnit> unit;
  private final List<Condition> conditions;
  private final List<Condition> heldOut;
  private final boolean decimalComma;

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

  private LossTable(
      Supplier<TableRows> source,
      Map<String, String> inputs,
      Map<String, String> shares,
      String loss,
      Optional<LossUnit> unit,
      List<Condition> conditions,
      List<Condition> heldOut,
      boolean decimalComma) {
    this.source = source;
    this.inputs = inputs;
    this.shares = shares;
    this.loss = loss;
    this.unit = unit;
    this.conditions = conditions;
    this.heldOut = heldOut;
    this.decimalComma = decimalComma;
  }

  /** A CSV file with a header; nothing is read yet. */
  public static LossTable csv(Path file) {
    return of(() -> CsvRows.open(file));
  }

  /** A file of JSON objects, one a line; nothing is read yet. */
  public static LossTable jsonl(Path file) {
    return of(() -> JsonlRows.open(file));
  }

  private static LossTable of(Supplier<TableRows> source) {
    return new LossTable(
        source, Map.of(), Map.of(), "loss", Optional.empty(), List.of(), List.of(), false);
  }

  /** Column of N. */
  public LossTable params(String column) {
    return input(Input.N, column);
  }

  /** Column of D. */
  public LossTable tokens(String column) {
    return input(Input.D, column);
  }

  /** Column of U, the tokens before any repeat. */
  public LossTable uniqueTokens(String column) {
    return input(Input.UNIQUE, column);
  }

  /** Columns of human tokens and of synthetic ones added to them. */
  public LossTable added(String humanColumn, String syntheticColumn) {
    return input(Input.HUMAN, humanColumn).input(Input.SYNTHETIC, syntheticColumn);
  }

  private LossTable input(String input, String column) {
    return new LossTable(
        source, with(inputs, input, column), shares, loss, unit, conditions, heldOut, decimalComma);
  }

  /** Column of a source's share in a fixed total; read as input {@code share_SOURCE}. */
  public LossTable share(String name, String column) {
    return new LossTable(
        source,
        inputs,
        with(shares, Input.share(name).name(), column),
        loss,
        unit,
        conditions,
        heldOut,
        decimalComma);
  }

  /** Column of the loss, unless it is {@code loss}. */
  public LossTable loss(String column) {
    return new LossTable(source, inputs, shares, column, unit, conditions, heldOut, decimalComma);
  }

  /** Unit of the loss; nats per token, with a warning, if it is not said. */
  public LossTable unit(LossUnit said) {
    return new LossTable(
        source, inputs, shares, loss, Optional.of(said), conditions, heldOut, decimalComma);
  }

  /** Keeps only rows that meet a condition, besides earlier ones. */
  public LossTable where(Condition condition) {
    return new LossTable(
        source, inputs, shares, loss, unit, plus(conditions, condition), heldOut, decimalComma);
  }

  /** Marks rows that meet a condition, besides earlier ones, as held out. */
  public LossTable heldOut(Condition condition) {
    return new LossTable(
        source, inputs, shares, loss, unit, conditions, plus(heldOut, condition), decimalComma);
  }

  /** Numbers are written with a comma: {@code 2,34}. */
  public LossTable decimalComma() {
    return new LossTable(source, inputs, shares, loss, unit, conditions, heldOut, true);
  }

  private static Map<String, String> with(Map<String, String> map, String key, String value) {
    Map<String, String> copy = new LinkedHashMap<>(map);
    copy.put(key, value);
    return copy;
  }

  private static List<Condition> plus(List<Condition> list, Condition more) {
    List<Condition> copy = new ArrayList<>(list);
    copy.add(more);
    return copy;
  }

  /**
   * Reads the table.
   *
   * @throws MixlawException listing what is wrong, up to twenty problems with their lines
   */
  public Content read() {
    Map<String, Content> all = readAll(Optional.empty());
    return all.values().iterator().next();
  }

  /**
   * Reads one set of observations for each value of a column, in the order of first appearance.
   *
   * @throws MixlawException listing what is wrong, up to twenty problems with their lines
   */
  public Map<String, Content> readBy(String column) {
    return readAll(Optional.of(column));
  }

  private Map<String, Content> readAll(Optional<String> group) {
    try (TableRows rows = source.get()) {
      return new TableReading(
              rows,
              new TableReading.Wanted(
                  inputs, shares, loss, unit, conditions, heldOut, group, decimalComma))
          .read();
    }
  }
}
