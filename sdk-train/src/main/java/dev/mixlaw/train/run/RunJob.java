package dev.mixlaw.train.run;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.spi.SessionSpec;
import java.util.List;
import java.util.Optional;

/**
 * The work of one worker: a mixture, model and seed, with all budgets that are trained together.
 *
 * <p>The runs share the <em>trunk</em>, whose steps do not depend on the budget. At its {@linkplain
 * Branch#branchStep branch step}, each run leaves the trunk and decays its learning rate. With a
 * cosine schedule every step depends on the budget. Each job then has a single branch, which starts
 * at step 0.
 *
 * @param rows number of rows in the embedding, which is the size of the vocabulary
 * @param batches number of sequences in each step
 * @param start model from which the runs start; empty for random weights
 * @param branches the branches, by ascending budget
 */
record RunJob(
    Mixture mixture,
    ModelSpec model,
    int seed,
    int rows,
    Batches batches,
    Recipe recipe,
    Optional<StartingPoint> start,
    List<Branch> branches) {

  RunJob {
    branches = List.copyOf(branches);
  }

  /**
   * One run of the study.
   *
   * @param branchStep number of steps that it shares with the trunk
   * @param steps total number of steps, including the shared ones
   */
  record Branch(RunKey key, long branchStep, long steps) {}

  /** Returns a job that trains only the largest budget, with a multiple of the learning rate. */
  RunJob atRate(double factor) {
    return new RunJob(
        mixture,
        model,
        seed,
        rows,
        batches,
        recipe.withLearningRateFactor(recipe.learningRateFactor() * factor),
        start,
        List.of(new Branch(last().key().atRate(factor), last().branchStep(), last().steps())));
  }

  /** Returns whether the job belongs to the grid and does not check another learning rate. */
  boolean isInGrid() {
    return last().key().rateFactor() == 1;
  }

  /** Returns the run with the largest budget. */
  Branch last() {
    return branches.get(branches.size() - 1);
  }

  /** Returns the largest number of sequences in a step. */
  int batchSequences() {
    return batchSequences(last());
  }

  /** Returns the number of sequences in a run's last step. */
  int batchSequences(Branch branch) {
    return batches.of(branch.steps() - 1);
  }

  /** Returns the learning rate of a run's last step, before warm-up and decay are applied. */
  double learningRate(Branch branch) {
    return recipe.learningRate(model, batchSequences(branch));
  }

  long tokens(Branch branch) {
    return tokens(0, branch.steps());
  }

  /** Returns the number of tokens from one step to another. */
  long tokens(long fromStep, long toStep) {
    return (batches.before(toStep) - batches.before(fromStep)) * model.context();
  }

  long sequences(Branch branch) {
    return batches.before(branch.steps());
  }

  /** Returns the number of steps of the trunk. */
  long steps() {
    return last().branchStep();
  }

  /** Returns the number of tokens on which the trunk and all branches are trained. */
  long allTokens() {
    return tokens(0, steps())
        + branches.stream().mapToLong(p -> tokens(p.branchStep(), p.steps())).sum();
  }

  /**
   * Returns the learning rate of a step of the trunk.
   *
   * @param step number of the step, starting with 0
   */
  double rate(long step) {
    return recipe.schedule().trunkRate(recipe.learningRate(model, batches.of(step)), step);
  }

  /**
   * Returns the learning rate of a step of a run.
   *
   * @param step number of the step, starting with 0
   */
  double rate(Branch branch, long step) {
    return recipe.schedule().rate(rate(step), step, branch.branchStep(), branch.steps());
  }

  /** Returns the text that the job reads, in the order that its seed determines. */
  TokenSource source(PreparedData data) {
    return data.source(mixture, model.context(), RunSeeds.order(seed));
  }

  SessionSpec session(int threads) {
    return new SessionSpec(model, rows, batchSequences(), recipe, RunSeeds.weights(seed), threads);
  }

  @Override
  public String toString() {
    return mixture.name() + " · " + model.name() + " · seed " + seed;
  }
}
