package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;

/** A block of a decoder on one lane. */
record DecoderBlock(AttentionSublayer attention, FeedForwardSublayer feedForward) {
  /** The buffers to which the forward pass of a block writes. */
  record Buffers(AttentionSublayer.Buffers attention, FeedForwardSublayer.Buffers feedForward) {}

  static DecoderBlock of(
      ModelSpec model, DeviceKernels kernels, Parameters.Block weights, Buffers buffers) {
    return new DecoderBlock(
        new AttentionSublayer(model, kernels, weights.attention(), buffers.attention()),
        new FeedForwardSublayer(model, kernels, weights.feedForward(), buffers.feedForward()));
  }

  void forward(Floats x, Floats y, AttentionShape shape) {
    attention.forward(x, shape);
    feedForward.forward(attention.own().output(), y, shape.rows());
  }

  /** Computes again what the backward pass needs. */
  void recompute(Floats x, AttentionShape shape) {
    attention.forward(x, shape);
    feedForward.project(attention.own().output(), shape.rows());
  }

  /** Computes gradients as {@link AttentionSublayer#backward} does. */
  void backward(
      Floats x, ActivationGradients d, Parameters.Block g, AttentionShape shape, boolean add) {
    feedForward.backward(attention.own().output(), d, g.feedForward(), shape.rows(), add);
    attention.backward(x, d, g.attention(), shape, add);
  }
}
