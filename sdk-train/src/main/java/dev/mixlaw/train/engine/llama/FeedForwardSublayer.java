package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;

/** The feed-forward sublayer of a decoder block on one lane: {@code y = x + swiglu(norm(x))}. */
record FeedForwardSublayer(ModelSpec model, DeviceKernels k, Weights w, Buffers own) {
  /**
   * The weights, or their gradients.
   *
   * @param gateUp the gate and up projections
   */
  record Weights(Floats norm, WeightMatrix gateUp, WeightMatrix down) {
    static Weights of(Parameters.Reader tensors) {
      return new Weights(tensors.norm(1), tensors.matrix(2), tensors.matrix(1));
    }
  }

  /**
   * The buffers to which the forward pass writes.
   *
   * @param norm output of the norm
   * @param scale inverse root mean square of each row of the norm's input
   * @param gateUp gate values and up values of the SwiGLU unit
   * @param activated output of the SwiGLU unit
   */
  record Buffers(Floats norm, Floats scale, Floats gateUp, Floats activated) {
    static Buffers allocate(
        ModelSpec model, int rows, Floats norm, Floats activated, Allocator allocator) {
      return new Buffers(
          norm,
          allocator.allocate(rows),
          allocator.allocateActivations(2L * rows * model.feedForward()),
          activated);
    }
  }

  /** Computes the output; {@code y} may be {@code x}. */
  void forward(Floats x, Floats y, int rows) {
    project(x, rows);
    k.swiglu(own.gateUp(), own.activated(), rows, model.feedForward());
    w.down().multiplyAndAdd(k, own.activated(), x, y, rows);
  }

  /** Computes the part of the forward pass whose results the backward pass needs. */
  void project(Floats x, int rows) {
    k.rmsNorm(x, w.norm(), own.norm(), own.scale(), rows, model.width(), model.normEpsilon());
    w.gateUp().multiply(k, own.norm(), own.gateUp(), rows);
  }

  /** Computes gradients as {@link AttentionSublayer#backward} does. */
  void backward(Floats x, ActivationGradients d, Weights g, int rows, boolean add) {
    Floats activated = d.restore ? d.activated : own.activated();
    Floats norm = d.restore ? d.norm : own.norm();
    w.down().inputGradient(k, d.stream, d.activated, rows);
    k.swigluBackward(own.gateUp(), d.activated, d.gateUp, rows, model.feedForward(), d.restore);
    g.down().gradient(k, d.stream, activated, rows, add);
    w.gateUp().inputGradient(k, d.gateUp, d.norm, rows);
    k.rmsNormBackward(
        d.norm, x, w.norm(), own.scale(), d.stream, g.norm(), rows, model.width(), d.restore);
    g.gateUp().gradient(k, d.gateUp, norm, rows, add);
  }
}
