package dev.mixlaw.train.run;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences that each step of a run reads. They depend only on the recipe and the model, so a
 * run and every longer run share their first steps.
 */
final class Batches {
  private final List<Stage> stages = new ArrayList<>();

  /**
   * A range of steps with the same batch size.
   *
   * @param step first step
   * @param sequence number of sequences before that step
   */
  private record Stage(long step, long sequence, int batch) {}

  /**
   * Computes the batches.
   *
   * @param tokens largest budget for which batches are requested
   */
  Batches(Recipe recipe, ModelSpec model, long tokens) {
    int context = model.context();
    Stage stage = new Stage(0, 0, recipe.batchSequences(model, 0));
    stages.add(stage);
    while (true) {
      // The batch size never decreases, so bisection finds the first step with a larger batch.
      long same = 1;
      long larger = (tokens / context - stage.sequence()) / stage.batch() + 2;
      if (at(recipe, model, stage, larger) == stage.batch()) {
        return;
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

  /** Returns the number of sequences in a step. */
  int of(long step) {
    return stage(step).batch();
  }

  /** Returns the number of sequences in all steps before the given step. */
  long before(long step) {
    Stage stage = stage(step);
    return stage.sequence() + (step - stage.step()) * stage.batch();
  }

  /**
   * Returns the number of steps that together read as close as possible to the given number of
   * sequences.
   */
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
