package dev.mixlaw.api;

import dev.mixlaw.api.results.RunKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a study will do, before it does it. {@link #toString} is a table.
 *
 * @param study name
 * @param engine name
 * @param device what the engine runs on
 * @param workers runs trained at once
 * @param threadsPerWorker native threads each worker has
 * @param layoutReason why so many workers of so many threads
 * @param runs every point of the grid
 * @param trainedTokens tokens that are really trained on: budgets that share a trunk count it once
 * @param exactFlops of training all of it
 * @param memoryBytes most native and heap memory of all workers together
 * @param estimatedTime of what is still to do, from the engine's measured or stated speed
 * @param besides what else is done with the study, and what it takes; why {@code auto} took no
 *     faster engine
 * @param warnings what may surprise: learning rates outside the rule's range, domains of few
 *     documents
 */
public record Plan(
    String study,
    String engine,
    String device,
    int workers,
    int threadsPerWorker,
    String layoutReason,
    List<PlannedRun> runs,
    long trainedTokens,
    double exactFlops,
    long memoryBytes,
    Duration estimatedTime,
    List<String> besides,
    List<String> warnings) {

  public Plan {
    Objects.requireNonNull(study, "study");
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(layoutReason, "layoutReason");
    Objects.requireNonNull(estimatedTime, "estimatedTime");
    runs = List.copyOf(runs);
    besides = List.copyOf(besides);
    warnings = List.copyOf(warnings);
  }

  /** This plan, and something else that is done. */
  Plan and(String besides) {
    return with(appended(this.besides, List.of(besides)), warnings);
  }

  /** This plan, and more that may surprise. */
  Plan andWarnings(List<String> more) {
    return with(besides, appended(warnings, more));
  }

  private static List<String> appended(List<String> some, List<String> more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  private Plan with(List<String> newBesides, List<String> newWarnings) {
    return new Plan(
        study,
        engine,
        device,
        workers,
        threadsPerWorker,
        layoutReason,
        runs,
        trainedTokens,
        exactFlops,
        memoryBytes,
        estimatedTime,
        newBesides,
        newWarnings);
  }

  /**
   * One point of the grid.
   *
   * @param identity hash of everything that shapes the run
   * @param nonEmbeddingParameters N
   * @param parameters all of them
   * @param tokens the budget rounded to whole steps
   * @param steps optimizer steps from the beginning
   * @param batchSequences sequences a step
   * @param learningRate peak
   * @param repeats by corpus: tokens to train on over tokens there are
   * @param done whether an earlier start finished it
   */
  public record PlannedRun(
      RunKey key,
      String identity,
      long nonEmbeddingParameters,
      long parameters,
      long tokens,
      long steps,
      int batchSequences,
      double learningRate,
      Map<String, Double> repeats,
      boolean done) {
    public PlannedRun {
      Objects.requireNonNull(key, "key");
      repeats = Map.copyOf(repeats);
    }
  }

  @Override
  public String toString() {
    return PlanTable.of(this);
  }
}
