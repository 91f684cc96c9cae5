package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;

final class LossAndGradients {
  private final ForwardPass forward;
  private final ModelSpec model;
  private final DeviceKernels k;
  private final Activations act;
  private final Parameters weights;
  private final Parameters gradients;
  private final ActivationGradients d;
  private final RowsByToken rowsByToken;

  LossAndGradients(ForwardPass forward, Parameters gradients, ActivationGradients d) {
    this.forward = forward;
    model = forward.model;
    k = forward.kernels;
    act = forward.act;
    weights = forward.weights;
    this.gradients = gradients;
    this.d = d;
    rowsByToken = new RowsByToken(forward.vocabulary, forward.maxRows());
  }

  /**
   * Computes the losses of a range of sequences, and the gradients of {@code rowScale} times the
   * sum of these losses.
   *
   * @param ids the token ids, in row-major order, of shape {@code [.., context + 1]}
   * @param overwrite whether the results replace the gradients instead of being added to them
   */
  void run(
      int[] ids, int from, int count, double rowScale, boolean overwrite, Floats nats, int at) {
    forward.embed(ids, from, count, model.context(), 0);
    for (int i = 0; i < model.layers(); i++) {
      forward.blocks.get(i).forward(act.streams.get(i), act.streams.get(i + 1), forward.shape());
    }
    if (overwrite) {
      // Kernels can only add to these gradients.
      for (Floats g : gradients.norms()) {
        k.zero(g, g.length());
      }
      if (!model.tiedHead()) {
        k.zero(gradients.embedding(), gradients.embedding().length());
      }
    }
    head(act.streams.get(model.layers()), rowScale, overwrite, nats, at);
    for (int i = model.layers() - 1; i >= 0; i--) {
      DecoderBlock block = forward.blocks.get(i);
      Floats x = act.streams.get(i);
      if (i < act.recomputation.recomputedBlocks()) {
        block.recompute(x, forward.shape());
      }
      block.backward(x, d, gradients.blocks().get(i), forward.shape(), !overwrite);
    }
    act.order.put(rowsByToken.sort(ids, from, count, model.context()), forward.rows());
    k.embedBackward(
        act.inputs, act.order, forward.rows(), d.stream, gradients.embedding(), model.width());
  }

  /** Computes the losses and the gradients of the head, one chunk of logits at a time. */
  private void head(Floats x, double rowScale, boolean overwrite, Floats nats, int at) {
    int rows = forward.rows();
    int width = model.width();
    int vocabulary = forward.vocabulary;
    forward.headNorm(x);
    for (int row = 0; row < rows; row += act.chunk) {
      int n = forward.chunk(row);
      forward.logits(row);
      k.crossEntropy(act.logits, act.labels, row, n, vocabulary, rowScale, nats, at + row);
      boolean add = !overwrite || row > 0;
      gradients.head().gradient(k, act.logits, act.headNormRows.get(row / act.chunk), n, add);
      weights.head().inputGradient(k, act.logits, d.normRows.get(row / act.chunk), n);
    }
    k.zero(d.stream, (long) rows * width);
    k.rmsNormBackward(
        d.norm, x, weights.norm(), act.headScale, d.stream, gradients.norm(), rows, width, false);
  }
}
