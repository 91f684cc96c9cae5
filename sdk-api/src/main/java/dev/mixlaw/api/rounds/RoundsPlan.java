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
 * The plan of rounds. {@link #toString} returns a human-readable table.
 *
 * @param round0 plan of the first round, with engine, workers and warnings
 * @param models all models in all rounds, including round 0
 * @param trainedTokens number of tokens that all models train on
 * @param writtenTokens total number of tokens that the models write
 * @param exactFlops FLOPs for training and writing
 * @param memoryBytes peak memory for training or writing, in bytes
 * @param diskBytes estimated size of the models and texts that are kept
 * @param estimatedTime estimated time for the remaining work, including evaluation if the engine's
 *     speed is known
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
   * @param key strategy, round and seed of the model
   * @param budget tokens to train on
   * @param shares shares of the budget, by text
   * @param repeats how often the model sees the tokens of the text that it repeats most
   * @param writes number of tokens to write
   * @param done whether an earlier start has trained the model and finished its text
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

  /** Returns a human-readable table of rounds with the total cost. */
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

  /** Returns the format string of a row, whose argument is the number of seeds. */
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
