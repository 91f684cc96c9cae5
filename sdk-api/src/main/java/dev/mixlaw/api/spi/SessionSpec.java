package dev.mixlaw.api.spi;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import java.util.Objects;

/**
 * What a training session is opened with.
 *
 * @param model its shape
 * @param vocabulary rows of the embedding
 * @param batchSequences sequences a step
 * @param recipe optimizer settings; the learning rate comes with each step
 * @param seed of the initial weights
 * @param threads native threads the session may use
 */
public record SessionSpec(
    ModelSpec model, int vocabulary, int batchSequences, Recipe recipe, long seed, int threads) {
  public SessionSpec {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(recipe, "recipe");
  }
}
