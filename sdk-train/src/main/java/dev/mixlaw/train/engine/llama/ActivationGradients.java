package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.List;

/** The buffers to which a lane's backward pass writes; all blocks share them. */
final class ActivationGradients {
  final Floats stream;
  final Floats qkv;
  final Floats gateUp;

  /** The gradient of a norm's output; a norm that was not kept is restored in its place. */
  final Floats norm;

  /** The gradient of the gated unit; a unit that was not kept is restored in its place. */
  final Floats activated;

  /** The rows of {@link #norm}, in chunks as {@link Activations#headNormRows}. */
  private final List<Floats> normRows;

  private final int chunk;

  /**
   * Allocates the buffers.
   *
   * @param rows maximum number of tokens per pass
   * @param activations the activations of which these are the gradients
   */
  ActivationGradients(ModelSpec model, int rows, Activations activations, Allocator allocator) {
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    stream = allocator.allocateFactors(width);
    qkv = allocator.allocateFactors((long) rows * AttentionHeads.of(model).rowWidth());
    gateUp = allocator.allocateFactors(2 * inner);
    if (activations.recomputation.keepsCheap()) {
      norm = allocator.allocateActivations(width);
      activated = allocator.allocateActivations(inner);
    } else {
      norm = allocator.allocateFactors(width);
      activated = allocator.allocateFactors(inner);
    }
    chunk = activations.chunk;
    normRows = activations.chunks(norm, rows, model.width());
  }

  /**
   * Returns the rows of {@link #norm} for a chunk; the number of its first row is a multiple of the
   * chunk's size.
   */
  Floats normRows(int first) {
    return normRows.get(first / chunk);
  }
}
