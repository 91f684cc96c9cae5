package dev.mixlaw.train.run.internal;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.spi.SessionSpec;
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
 * @param points by ascending budget
 */
record Trunk(
    Mixture mixture,
    ModelSpec model,
    int seed,
    int rows,
    int batchSequences,
    double learningRate,
    long warmupSteps,
    Recipe recipe,
    List<Point> points) {

  Trunk {
    points = List.copyOf(points);
  }

  /**
   * One run of the grid.
   *
   * @param branchStep steps it has in common with the trunk
   * @param steps all of them, the common ones included
   */
  record Point(RunKey key, long branchStep, long steps) {}

  long tokensPerStep() {
    return (long) batchSequences * model.context();
  }

  long tokens(Point point) {
    return point.steps() * tokensPerStep();
  }

  long sequences(Point point) {
    return point.steps() * batchSequences;
  }

  /** Steps of the trunk itself. */
  long steps() {
    return points.get(points.size() - 1).branchStep();
  }

  /** Steps of trunk and branches together: what is really trained. */
  long allSteps() {
    return steps() + points.stream().mapToLong(p -> p.steps() - p.branchStep()).sum();
  }

  /** Learning rate of a step of the trunk, from 0. */
  double rate(long step) {
    return learningRate * warmup(step);
  }

  /** Learning rate of a step of a point's run, from 0. */
  double rate(Point point, long step) {
    if (step < warmupSteps) {
      return rate(step);
    }
    if (recipe.schedule() instanceof Schedule.Cosine cosine) {
      double done = (double) (step - warmupSteps) / (point.steps() - warmupSteps);
      double wave = (1 + Math.cos(Math.PI * done)) / 2;
      return learningRate * (cosine.floor() + (1 - cosine.floor()) * wave);
    }
    if (step < point.branchStep()) {
      return rate(step);
    }
    return learningRate * (point.steps() - step) / (point.steps() - point.branchStep());
  }

  private double warmup(long step) {
    return step < warmupSteps ? (step + 1.0) / warmupSteps : 1;
  }

  SessionSpec session(int threads) {
    return new SessionSpec(model, rows, batchSequences, recipe, Seeds.weights(seed), threads);
  }

  @Override
  public String toString() {
    return mixture.name() + " · " + model.name() + " · seed " + seed;
  }
}
