package dev.mixlaw.api.rounds;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.internal.Quantity;
import dev.mixlaw.api.internal.TextTable;
import dev.mixlaw.api.units.Tokens;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What rounds will do, before they do it. {@link #toString} is a table for people.
 *
 * @param round0 plan of the first round, with engine, workers and warnings
 * @param models every model of every round, round 0 included
 * @param trainedTokens of all models
 * @param writtenTokens of all models
 * @param exactFlops of training and writing
 * @param memoryBytes most that training or writing takes at a time
 * @param diskBytes estimated size of the models and texts that are kept
 * @param estimatedTime of what is still to do; evaluation included where the engine's speed is
 *     known
 */
public record RoundsPlan(
    Plan round0,
    List<PlannedModel> models,
    long trainedTokens,
    long writtenTokens,
    double exactFlops,
    long memoryBytes,
    long diskBytes,
    Duration estimatedTime) {
  /** Copies the list. */
  public RoundsPlan {
    models = List.copyOf(models);
  }

  /**
   * One model.
   *
   * @param key its strategy, round and seed
   * @param budget tokens to train on
   * @param shares of the budget by text
   * @param repeats how often it sees the tokens of the text that it repeats most
   * @param writes tokens to write
   * @param done whether an earlier start trained it and finished its text
   */
  public record PlannedModel(
      RoundKey key,
      Tokens budget,
      Map<String, Double> shares,
      double repeats,
      Tokens writes,
      boolean done) {
    /** Copies the map. */
    public PlannedModel {
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    }
  }

  /** Returns a table of rounds with the cost of the whole, for people. */
  @Override
  public String toString() {
    TextTable table = new TextTable();
    table.line(
        "rounds %s: %d models (%d done), %s tokens to train on, %s to write, %.3g FLOPs, about %s,"
            + " at most %s of memory, %s on the disk",
        round0.study(),
        models.size(),
        models.stream().filter(PlannedModel::done).count(),
        Quantity.format(trainedTokens),
        Quantity.format(writtenTokens),
        exactFlops,
        Quantity.time(estimatedTime.toSeconds()),
        Quantity.bytes(memoryBytes),
        Quantity.bytes(diskBytes));
    table.engine(
        round0.engine(),
        round0.device(),
        round0.workers(),
        round0.threadsPerWorker(),
        round0.layoutReason());
    table.line(
        "%-22s %5s %6s %9s %8s %8s", "strategy", "round", "seeds", "tokens", "repeats", "writes");
    Map<String, Integer> seeds = new LinkedHashMap<>();
    models.forEach(m -> seeds.merge(row(m), 1, Integer::sum));
    seeds.forEach(table::line);
    return table.lines("warning: ", round0.warnings()).toString();
  }

  /** Returns the format of a row, which takes the number of seeds. */
  private static String row(PlannedModel m) {
    return String.format(
        Locale.ROOT,
        "%-22s %5d %%6d %9s %8s %8s",
        m.key().strategy().map(Strategy::toString).orElse("natural text"),
        m.key().round(),
        m.budget(),
        String.format(Locale.ROOT, "×%.2g", m.repeats()),
        m.writes());
  }
}
