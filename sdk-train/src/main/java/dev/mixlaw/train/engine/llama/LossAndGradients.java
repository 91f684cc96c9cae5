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
      forward.block(i, act.streams.get(i), act.streams.get(i + 1));
    }
    if (overwrite) {
      zeroAccumulatedGradients();
    }
    head(act.streams.get(model.layers()), rowScale, overwrite, nats, at);
    for (int i = model.layers() - 1; i >= 0; i--) {
      if (i < act.recomputation.recomputedBlocks()) {
        forward.recompute(i, act.streams.get(i));
      }
      block(i, overwrite);
    }
    act.order.put(rowsByToken.sort(ids, from, count, model.context()), forward.rows());
    k.embedBackward(
        act.inputs, act.order, forward.rows(), d.stream, gradients.embedding(), model.width());
  }

  /** Zeroes the gradients that kernels cannot overwrite but only add to. */
  private void zeroAccumulatedGradients() {
    for (Parameters.Block g : gradients.blocks()) {
      k.zero(g.norm1(), model.width());
      k.zero(g.norm2(), model.width());
      if (model.qkNorm()) {
        k.zero(g.headNorms(), g.headNorms().length());
      }
    }
    k.zero(gradients.norm(), model.width());
    if (!model.tiedHead()) {
      k.zero(gradients.embedding(), gradients.embedding().length());
    }
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
      Floats h = act.headNormRows(row);
      k.linearWeight(act.logits, h, gradients.head(), n, width, vocabulary, add);
      k.linearInput(act.logits, weights.head(), d.normRows(row), n, width, vocabulary);
    }
    k.zero(d.stream, (long) rows * width);
    k.rmsNormBackward(
        d.norm, x, weights.norm(), act.headScale, d.stream, gradients.norm(), rows, width, false);
  }

  private void block(int layer, boolean overwrite) {
    Activations.Block own = act.block(layer);
    // Outputs of norms and SwiGLU units that were not kept are recomputed and overwrite their
    // gradients.
    boolean restore = !act.recomputation.keepsCheap();
    Floats activated = restore ? d.activated : own.activated();
    Floats norm2 = restore ? d.norm : own.norm2();
    Floats norm1 = restore ? d.norm : own.norm1();
    Parameters.Block w = weights.blocks().get(layer);
    Parameters.Block g = gradients.blocks().get(layer);
    AttentionShape shape = forward.shape();
    Floats x = act.streams.get(layer);
    int rows = forward.rows();
    int width = model.width();
    int inner = model.feedForward();
    int qkv = shape.heads().rowWidth();
    boolean add = !overwrite;

    k.linearInput(d.stream, w.down(), d.activated, rows, inner, width);
    k.swigluBackward(own.gateUp(), d.activated, d.gateUp, rows, inner, restore);
    k.linearWeight(d.stream, activated, g.down(), rows, inner, width, add);
    k.linearInput(d.gateUp, w.gateUp(), d.norm, rows, width, 2 * inner);
    k.rmsNormBackward(
        d.norm, own.middle(), w.norm2(), own.scale2(), d.stream, g.norm2(), rows, width, restore);
    k.linearWeight(d.gateUp, norm2, g.gateUp(), rows, width, 2 * inner, add);

    k.linearWeight(d.stream, own.attended(), g.out(), rows, width, width, add);
    k.linearInput(d.stream, w.out(), d.norm, rows, width, width);
    k.attentionBackward(d.norm, own.attended(), own.qkv(), own.logSums(), d.qkv, shape);
    k.rope(d.qkv, shape, true);
    if (model.qkNorm()) {
      k.normalizeHeadsBackward(
          d.qkv, own.projected(), w.headNorms(), g.headNorms(), shape.heads(), rows);
    }
    k.linearInput(d.qkv, w.qkv(), d.norm, rows, width, qkv);
    k.rmsNormBackward(
        d.norm, x, w.norm1(), own.scale1(), d.stream, g.norm1(), rows, width, restore);
    k.linearWeight(d.qkv, norm1, g.qkv(), rows, width, qkv, add);
  }
}
