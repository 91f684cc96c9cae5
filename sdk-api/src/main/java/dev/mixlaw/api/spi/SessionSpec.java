package dev.mixlaw.api.spi;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import java.util.Objects;

/**
 * The settings of a training session.
 *
 * @param model shape of the model
 * @param vocabulary number of rows of the embedding matrix
 * @param batchSequences largest number of sequences per step; results do not depend on it
 * @param recipe settings of the optimizer; the learning rate is an argument of each step instead
 * @param seed seed for the initial weights
 * @param threads number of native threads that the session may use
 * @param memoryBytes memory limit for the session in bytes, if the engine can save memory at the
 *     expense of time, for example by recomputation; results are bit-identical with any limit
 */
public record SessionSpec(
    ModelSpec model,
    int vocabulary,
    int batchSequences,
    Recipe recipe,
    long seed,
    int threads,
    long memoryBytes) {
  /** Checks that no component is null. */
  public SessionSpec {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(recipe, "recipe");
  }

  /** Creates settings without a memory limit. */
  public SessionSpec(
      ModelSpec model, int vocabulary, int batchSequences, Recipe recipe, long seed, int threads) {
    this(model, vocabulary, batchSequences, recipe, seed, threads, Long.MAX_VALUE);
  }

  /** Returns a copy of these settings with a memory limit in bytes. */
  public SessionSpec within(long bytes) {
    return new SessionSpec(model, vocabulary, batchSequences, recipe, seed, threads, bytes);
  }
}
