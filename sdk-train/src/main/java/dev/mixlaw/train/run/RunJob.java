package dev.mixlaw.train.run;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.spi.PreparedData;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TokenSource;
import java.util.List;

/**
 * Runs that begin alike: one mixture, model and seed, and the budgets that branch off.
 *
 * <p>With a cosine, whose every step depends on the budget, a trunk has one point, which leaves it
 * at step 0.
 *
 * @param rows of the embedding
 * @param batchSequences a step
 * @param learningRate peak
 * @param warmupSteps linear from near 0 to the peak
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
   * One run of the grid.
   *
   * @param branchStep steps it has in common with the trunk
   * @param steps all of them, the common ones included
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

  /** Steps of the trunk itself. */
  long steps() {
    return branches.get(branches.size() - 1).branchStep();
  }

  /** Steps of trunk and branches together: what is really trained. */
  long allSteps() {
    return steps() + branches.stream().mapToLong(p -> p.steps() - p.branchStep()).sum();
  }

  /** Learning rate of a step of the trunk, from 0. */
  double rate(long step) {
    return learningRate * warmup(step);
  }

  /** Learning rate of a step of a point's run, from 0. */
  double rate(Branch branch, long step) {
    if (step < warmupSteps) {
      return rate(step);
    }
    if (recipe.schedule() instanceof Schedule.Cosine cosine) {
      double done = (double) (step - warmupSteps) / (branch.steps() - warmupSteps);
      double wave = (1 + Math.cos(Math.PI * done)) / 2;
      return learningRate * (cosine.floor() + (1 - cosine.floor()) * wave);
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
