package dev.mixlaw.api.rounds;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.internal.Quantity;
import dev.mixlaw.api.internal.TextTable;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.units.Tokens;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The plan of rounds. {@link #toString} formats it as a table.
 *
 * @param round0 plan of round 0, with engine, workers and warnings
 * @param models all models in all rounds, including round 0
 * @param trainedTokens number of tokens on which all models are trained, including those that are
 *     done
 * @param writtenTokens number of tokens that all models generate
 * @param exactFlops number of floating-point operations for training and text generation of all
 *     models
 * @param memoryBytes peak memory for training or text generation, in bytes
 * @param diskBytes estimated size of the stored models and texts, in bytes
 * @param estimatedTime estimated time for the remaining work, including evaluation if the speed of
 *     the engine is known
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
   * A model in the plan.
   *
   * @param key strategy, round and seed of the model
   * @param budget number of tokens to train on
   * @param shares map from each text to its share of the budget
   * @param repeats how often the model sees each token of the text that is repeated most
   * @param writes number of tokens to generate
   * @param done whether the model was already trained and its text completely generated
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

  /** Returns a human-readable table of the rounds, with the total cost. */
  @Override
  public String toString() {
    TextTable table = new TextTable();
    table.line(
        "rounds %s: %d models (%d done), %s tokens to train on, %s to write and %.3g FLOPs in all; about %s left; at most %s of memory, %s on the disk",
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

  /** Returns the format string of a row, whose only argument is the number of seeds. */
  private static String row(PlannedModel m) {
    return Texts.format(
        "%-22s %5d %%6d %9s %8s %8s",
        m.key().strategy().map(Strategy::toString).orElse("natural text"),
        m.key().round(),
        m.budget(),
        Texts.format("×%.2g", m.repeats()),
        m.writes());
  }
}
