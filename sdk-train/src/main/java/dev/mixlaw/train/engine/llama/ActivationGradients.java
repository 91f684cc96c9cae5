package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.List;

/** The gradients of the activations of one lane, in buffers that all blocks share. */
final class ActivationGradients {
  final Floats stream;
  final Floats qkv;
  final Floats gateUp;

  /**
   * The gradient of a norm's output. If the output was not kept, the norm's backward kernel
   * recomputes it and overwrites the gradient with it.
   */
  final Floats norm;

  /**
   * The gradient of the SwiGLU unit's output. If the output was not kept, the unit's backward
   * kernel recomputes it and overwrites the gradient with it.
   */
  final Floats activated;

  /** Whether backward kernels recompute the outputs of norms and SwiGLU units. */
  final boolean restore;

  /** The rows of {@link #norm} in each chunk of logits. */
  final List<Floats> normRows;

  ActivationGradients(ModelSpec model, int rows, Activations activations, Allocator allocator) {
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    stream = allocator.allocateFactors(width);
    long length = (long) rows * AttentionHeads.of(model).rowWidth();
    // The gradient of QK-norm needs single precision.
    qkv =
        model.qkNorm() ? allocator.allocateActivations(length) : allocator.allocateFactors(length);
    gateUp = allocator.allocateFactors(2 * inner);
    restore = !activations.recomputation.keepsCheap();
    norm = allocator.allocateFactors(width);
    activated = restore ? allocator.allocateFactors(inner) : allocator.allocateActivations(inner);
    normRows = activations.chunks(norm, rows, model.width());
  }
}
