package dev.mixlaw.train.run;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * The number of sequences in each step of a run. Runs with the same recipe and model have the same
 * batch sizes in all steps that they share, whatever their budgets.
 *
 * @param stages the ranges of steps with the same batch size, in order
 */
record Batches(List<Stage> stages) {
  Batches {
    stages = List.copyOf(stages);
  }

  /**
   * A range of steps with the same batch size.
   *
   * @param step index of the first step
   * @param sequence number of sequences in all earlier steps
   */
  record Stage(long step, long sequence, int batch) {}

  /** Computes the batch sizes up to the given number of tokens. */
  static Batches upTo(long tokens, Recipe recipe, ModelSpec model) {
    int context = model.context();
    List<Stage> stages = new ArrayList<>();
    Stage stage = new Stage(0, 0, recipe.batchSequences(model, 0));
    stages.add(stage);
    while (true) {
      // The batch size never decreases, so bisection finds the first step with a larger batch.
      long same = 1;
      long larger = (tokens / context - stage.sequence()) / stage.batch() + 2;
      if (at(recipe, model, stage, larger) == stage.batch()) {
        return new Batches(stages);
      }
      while (larger - same > 1) {
        long middle = (same + larger) / 2;
        if (at(recipe, model, stage, middle) == stage.batch()) {
          same = middle;
        } else {
          larger = middle;
        }
      }
      stage =
          new Stage(
              stage.step() + larger,
              stage.sequence() + larger * stage.batch(),
              at(recipe, model, stage, larger));
      stages.add(stage);
    }
  }

  private static int at(Recipe recipe, ModelSpec model, Stage stage, long steps) {
    long sequences = stage.sequence() + steps * stage.batch();
    return recipe.batchSequences(model, sequences * model.context());
  }

  int of(long step) {
    return stage(step).batch();
  }

  /** Returns the number of sequences in all steps before the given step. */
  long before(long step) {
    Stage stage = stage(step);
    return stage.sequence() + (step - stage.step()) * stage.batch();
  }

  /** Returns the number of steps whose total number of sequences is closest to the given number. */
  long steps(double sequences) {
    Stage last = stages.get(0);
    for (Stage stage : stages) {
      last = stage.sequence() <= sequences ? stage : last;
    }
    return last.step() + Math.round((sequences - last.sequence()) / last.batch());
  }

  private Stage stage(long step) {
    int i = stages.size() - 1;
    while (stages.get(i).step() > step) {
      i--;
    }
    return stages.get(i);
  }
}
