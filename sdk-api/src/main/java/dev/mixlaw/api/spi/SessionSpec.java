package dev.mixlaw.api.spi;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import java.util.Objects;

/**
 * Settings of a training session.
 *
 * @param model shape of the model
 * @param vocabulary number of embedding rows
 * @param batchSequences largest number of sequences per step; results do not depend on it
 * @param recipe optimizer settings; the learning rate is passed with each step
 * @param seed seed for the initial weights
 * @param threads number of native threads that the session may use
 * @param memoryBytes memory limit for the session in bytes; it applies if the engine can trade
 *     memory for time, for example by recomputation. Results are bit-identical with any limit
 */
public record SessionSpec(
    ModelSpec model,
    int vocabulary,
    int batchSequences,
    Recipe recipe,
    long seed,
    int threads,
    long memoryBytes) {
  /** Checks that nothing is null. */
  public SessionSpec {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(recipe, "recipe");
  }

  /** Creates settings without a memory limit. */
  public SessionSpec(
      ModelSpec model, int vocabulary, int batchSequences, Recipe recipe, long seed, int threads) {
    this(model, vocabulary, batchSequences, recipe, seed, threads, Long.MAX_VALUE);
  }

  /** Returns these settings with a memory limit in bytes. */
  public SessionSpec within(long bytes) {
    return new SessionSpec(model, vocabulary, batchSequences, recipe, seed, threads, bytes);
  }
}
