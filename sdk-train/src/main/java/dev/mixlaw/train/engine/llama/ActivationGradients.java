package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.List;

/** The buffers to which a lane's backward pass writes; all blocks share them. */
final class ActivationGradients {
  final Floats stream;
  final Floats qkv;
  final Floats gateUp;

  /**
   * The gradient of a norm's output. If that output was not kept, the backward kernel of the norm
   * recomputes it and overwrites the gradient with it.
   */
  final Floats norm;

  /**
   * The gradient of the gated unit's output. If that output was not kept, the backward kernel of
   * the unit recomputes it and overwrites the gradient with it.
   */
  final Floats activated;

  /**
   * The rows of {@link #norm}, divided into the same chunks as {@link Activations#headNormRows}.
   */
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
   * Returns the rows of {@link #norm} for the chunk that begins with the given row, which must be a
   * multiple of the chunk size.
   */
  Floats normRows(int first) {
    return normRows.get(first / chunk);
  }
}
