package dev.mixlaw.train.run;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.spi.SessionSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The work of one worker: all budgets of a mixture, model and seed that are trained together. A job
 * can be passed to a child JVM as JSON.
 *
 * <p>The runs share a <em>trunk</em>, whose steps do not depend on the budget. Each run leaves the
 * trunk after a number of steps ({@link Branch#branchStep}) and then decays its learning rate. With
 * a cosine schedule, every step depends on the budget, so each job has a single branch, which
 * starts at step 0.
 *
 * @param mixture name of the mixture
 * @param shares share of each corpus in the mixture, in the order of the mixture
 * @param rows number of rows of the embedding, which is the vocabulary size
 * @param start model from which the runs start; empty for random weights
 */
record RunJob(
    String mixture,
    Map<String, Double> shares,
    ModelSpec model,
    int seed,
    int rows,
    Batches batches,
    Recipe recipe,
    Optional<StartingPoint> start,
    List<Branch> branches) {

  RunJob {
    shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    branches = List.copyOf(branches);
  }

  /**
   * A run of the study.
   *
   * @param branchStep number of steps that the run shares with the trunk
   * @param steps total number of steps, including the shared steps
   */
  record Branch(RunKey key, long branchStep, long steps) {}

  /** Returns a job for the largest budget, with the learning rate multiplied by a factor. */
  RunJob atRate(double factor) {
    return new RunJob(
        mixture,
        shares,
        model,
        seed,
        rows,
        batches,
        recipe.withLearningRateFactor(recipe.learningRateFactor() * factor),
        start,
        List.of(new Branch(last().key().atRate(factor), last().branchStep(), last().steps())));
  }

  /**
   * Returns whether this job belongs to the grid of the study. Otherwise, it checks another
   * learning rate.
   */
  boolean isInGrid() {
    return last().key().rateFactor() == 1;
  }

  Branch last() {
    return branches.get(branches.size() - 1);
  }

  int batchSequences() {
    return batchSequences(last());
  }

  int batchSequences(Branch branch) {
    return batches.of(branch.steps() - 1);
  }

  /** Returns the learning rate of the last step of a run, before warmup and decay are applied. */
  double learningRate(Branch branch) {
    return recipe.learningRate(model, batchSequences(branch));
  }

  long tokens(Branch branch) {
    return tokens(0, branch.steps());
  }

  long tokens(long fromStep, long toStep) {
    return (batches.before(toStep) - batches.before(fromStep)) * model.context();
  }

  long sequences(Branch branch) {
    return batches.before(branch.steps());
  }

  long steps() {
    return last().branchStep();
  }

  long allTokens() {
    return tokens(0, steps())
        + branches.stream().mapToLong(p -> tokens(p.branchStep(), p.steps())).sum();
  }

  /** Returns the learning rate of a step of the trunk. Steps are counted from 0. */
  double rate(long step) {
    return recipe.schedule().trunkRate(recipe.learningRate(model, batches.of(step)), step);
  }

  /** Returns the learning rate of a step of a run. Steps are counted from 0. */
  double rate(Branch branch, long step) {
    return recipe.schedule().rate(rate(step), step, branch.branchStep(), branch.steps());
  }

  /** Returns the text of the job, in the order that its seed determines. */
  TokenSource source(PreparedData data) {
    return data.source(shares, model.context(), RunSeeds.order(seed));
  }

  SessionSpec session(int threads) {
    return new SessionSpec(model, rows, batchSequences(), recipe, RunSeeds.weights(seed), threads);
  }

  @Override
  public String toString() {
    return mixture + " · " + model.name() + " · seed " + seed;
  }
}
