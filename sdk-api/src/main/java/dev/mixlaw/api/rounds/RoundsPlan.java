package dev.mixlaw.api.rounds;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.units.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What rounds will do, before they do it. {@link #toString} is a table.
 *
 * @param round0 plan of the first round, with engine, workers and what to be warned of
 * @param models every model of every round, round 0 included
 * @param trainedTokens of all models
 * @param writtenTokens of all models
 * @param exactFlops of training and writing
 * @param memoryBytes most that training or writing takes at a time
 * @param diskBytes models and texts that are kept, roughly
 * @param estimatedTime of what is still to do, roughly; evaluation included where the engine's
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
  public RoundsPlan {
    Objects.requireNonNull(round0, "round0");
    models = List.copyOf(models);
    Objects.requireNonNull(estimatedTime, "estimatedTime");
  }

  /**
   * One model.
   *
   * @param budget tokens to train on
   * @param shares of them by text
   * @param repeats how often it sees the tokens of the text that it repeats most
   * @param writes tokens
   * @param done whether an earlier start trained it and had it write
   */
  public record PlannedModel(
      RoundKey key,
      Tokens budget,
      Map<String, Double> shares,
      double repeats,
      Tokens writes,
      boolean done) {
    public PlannedModel {
      Objects.requireNonNull(key, "key");
      shares = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(shares));
    }
  }

  @Override
  public String toString() {
    return RoundsTable.of(this);
  }
}
