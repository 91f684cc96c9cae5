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
 * @param memoryBytes that it is to do with where the engine has a choice, such as to compute again
 *     what it does not keep. Never changes a digit
 */
public record SessionSpec(
    ModelSpec model,
    int vocabulary,
    int batchSequences,
    Recipe recipe,
    long seed,
    int threads,
    long memoryBytes) {
  public SessionSpec {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(recipe, "recipe");
  }

  /** With all the memory there is. */
  public SessionSpec(
      ModelSpec model, int vocabulary, int batchSequences, Recipe recipe, long seed, int threads) {
    this(model, vocabulary, batchSequences, recipe, seed, threads, Long.MAX_VALUE);
  }

  /** The same with so much memory. */
  public SessionSpec within(long bytes) {
    return new SessionSpec(model, vocabulary, batchSequences, recipe, seed, threads, bytes);
  }
}
