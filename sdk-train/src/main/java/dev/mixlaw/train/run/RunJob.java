package dev.mixlaw.train.run;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.spi.SessionSpec;
import java.util.List;

/**
 * The work of one worker: a mixture, model and seed, with all budgets that are trained together.
 *
 * <p>The runs share the <em>trunk</em>: the warm-up and the steps at a constant learning rate. At
 * its {@linkplain Branch#branchStep branch step}, each run leaves the trunk and decays its learning
 * rate. With a cosine schedule every step depends on the budget. Each job then has a single branch,
 * which starts at step 0.
 *
 * @param rows of the embedding: the size of the vocabulary
 * @param batchSequences sequences per step
 * @param learningRate peak learning rate
 * @param warmupSteps steps of the linear warm-up
 * @param branches by ascending budget
 */
record RunJob(
    Mixture mixture,
    ModelSpec model,
    int seed,
    int rows,
    int batchSequences,
    double learningRate,
    long warmupSteps,
    Recipe recipe,
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

  long tokensPerStep() {
    return (long) batchSequences * model.context();
  }

  long tokens(Branch branch) {
    return branch.steps() * tokensPerStep();
  }

  long sequences(Branch branch) {
    return branch.steps() * batchSequences;
  }

  /** Returns the number of steps of the trunk. */
  long steps() {
    return branches.get(branches.size() - 1).branchStep();
  }

  /** Returns the number of steps that are trained: those of the trunk and of all branches. */
  long allSteps() {
    return steps() + branches.stream().mapToLong(p -> p.steps() - p.branchStep()).sum();
  }

  /**
   * Returns the learning rate of a step of the trunk.
   *
   * @param step from 0
   */
  double rate(long step) {
    return learningRate * warmup(step);
  }

  /**
   * Returns the learning rate of a step of a run.
   *
   * @param step from 0
   */
  double rate(Branch branch, long step) {
    if (step < warmupSteps) {
      return rate(step);
    }
    if (recipe.schedule().floor().isPresent()) {
      double floor = recipe.schedule().floor().getAsDouble();
      double done = (double) (step - warmupSteps) / (branch.steps() - warmupSteps);
      double wave = (1 + Math.cos(Math.PI * done)) / 2;
      return learningRate * (floor + (1 - floor) * wave);
    }
    if (step < branch.branchStep()) {
      return rate(step);
    }
    return learningRate * (branch.steps() - step) / (branch.steps() - branch.branchStep());
  }

  private double warmup(long step) {
    return step < warmupSteps ? (step + 1.0) / warmupSteps : 1;
  }

  /** Returns the text that the job reads, in the order of its seed. */
  TokenSource source(PreparedData data) {
    return data.source(mixture, model.context(), RunSeeds.order(seed));
  }

  SessionSpec session(int threads) {
    return new SessionSpec(model, rows, batchSequences, recipe, RunSeeds.weights(seed), threads);
  }

  @Override
  public String toString() {
    return mixture.name() + " · " + model.name() + " · seed " + seed;
  }
}
