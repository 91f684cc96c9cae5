package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;

/** Losses and gradients of a {@link ForwardPass}. */
final class BackwardPass {
  private final ForwardPass decoder;
  private final ModelSpec model;
  private final DeviceKernels k;
  private final Activations act;
  private final Parameters weights;
  private final Parameters gradients;
  private final ActivationGradients d;
  private final RowsByToken order;

  /**
   * @param gradients of the weights
   * @param d gradients of activations
   */
  BackwardPass(ForwardPass decoder, Parameters gradients, ActivationGradients d) {
    this.decoder = decoder;
    model = decoder.model;
    k = decoder.kernels;
    act = decoder.act;
    weights = decoder.weights;
    this.gradients = gradients;
    this.d = d;
    order = new RowsByToken(decoder.vocabulary, decoder.mostRows());
  }

  /**
   * Losses of some sequences, and the gradients of {@code rowScale} times their sum.
   *
   * @param ids row-major {@code [.., context + 1]}
   * @param from first sequence
   * @param fresh whether the gradients begin anew, or are added to
   * @param nats receives the losses from {@code at} on
   */
  void run(
      int[] ids, int from, int count, double rowScale, boolean fresh, DeviceFloats nats, int at) {
    decoder.begin(ids, from, count, model.context(), 0);
    for (int i = 0; i < model.layers(); i++) {
      decoder.forward(i, act.streams.get(i), act.streams.get(i + 1));
    }
    if (fresh) {
      clearWhatIsOnlyAddedTo();
    }
    head(act.streams.get(model.layers()), rowScale, fresh, nats, at);
    for (int i = model.layers() - 1; i >= 0; i--) {
      if (i < act.kept.again()) {
        decoder.activate(i, act.streams.get(i));
      }
      backward(i, fresh);
    }
    act.order.put(order.of(ids, from, count, model.context()), decoder.rows());
    k.embedBackward(
        act.inputs, act.order, decoder.rows(), d.stream, gradients.embedding(), model.width());
  }

  /** Norms, and an embedding that is no head: nothing else is written before it is added to. */
  private void clearWhatIsOnlyAddedTo() {
    for (Parameters.Block g : gradients.blocks()) {
      k.zero(g.norm1(), model.width());
      k.zero(g.norm2(), model.width());
    }
    k.zero(gradients.norm(), model.width());
    if (!model.tiedHead()) {
      k.zero(gradients.embedding(), gradients.embedding().length());
    }
  }

  /** Losses and gradients, some rows of logits at a time. */
  private void head(DeviceFloats x, double rowScale, boolean fresh, DeviceFloats nats, int at) {
    int rows = decoder.rows();
    int width = model.width();
    int vocabulary = decoder.vocabulary;
    decoder.headNorm(x);
    for (int row = 0; row < rows; row += act.chunk) {
      int n = decoder.chunk(row);
      decoder.logits(row);
      k.crossEntropy(act.logits, act.labels, row, n, vocabulary, rowScale, nats, at + row);
      boolean add = !fresh || row > 0;
      DeviceFloats h = act.headNormRows(row);
      k.linearWeight(act.logits, h, gradients.head(), n, width, vocabulary, add);
      k.linearInput(act.logits, weights.head(), d.normRows(row), n, width, vocabulary);
    }
    k.zero(d.stream, (long) rows * width);
    k.rmsNormBackward(
        d.norm, x, weights.norm(), act.headScale, d.stream, gradients.norm(), rows, width, false);
  }

  /** Turns the gradient of the output into that of the input, in place. */
  private void backward(int layer, boolean fresh) {
    Activations.Block own = act.block(layer);
    // What is not kept is made again where its gradient was.
    boolean again = !act.kept.cheap();
    DeviceFloats activated = again ? d.activated : own.activated();
    DeviceFloats norm2 = again ? d.norm : own.norm2();
    DeviceFloats norm1 = again ? d.norm : own.norm1();
    Parameters.Block w = weights.blocks().get(layer);
    Parameters.Block g = gradients.blocks().get(layer);
    AttentionHeads heads = decoder.heads;
    DeviceFloats x = act.streams.get(layer);
    int sequences = decoder.sequences();
    int length = decoder.length();
    int rows = decoder.rows();
    int width = model.width();
    int inner = model.feedForward();
    int qkv = heads.rowWidth();

    k.linearInput(d.stream, w.down(), d.activated, rows, inner, width);
    k.swigluBackward(own.gateUp(), d.activated, d.gateUp, rows, inner, again);
    k.linearWeight(d.stream, activated, g.down(), rows, inner, width, !fresh);
    k.linearInput(d.gateUp, w.gateUp(), d.norm, rows, width, 2 * inner);
    k.rmsNormBackward(
        d.norm, own.middle(), w.norm2(), own.scale2(), d.stream, g.norm2(), rows, width, again);
    k.linearWeight(d.gateUp, norm2, g.gateUp(), rows, width, 2 * inner, !fresh);

    k.linearWeight(d.stream, own.attended(), g.out(), rows, width, width, !fresh);
    k.linearInput(d.stream, w.out(), d.norm, rows, width, width);
    k.attentionBackward(
        d.norm, own.attended(), own.qkv(), own.logSums(), d.qkv, heads, sequences, length);
    k.rope(d.qkv, heads, sequences, length, true);
    k.linearInput(d.qkv, w.qkv(), d.norm, rows, width, qkv);
    k.rmsNormBackward(d.norm, x, w.norm1(), own.scale1(), d.stream, g.norm1(), rows, width, again);
    k.linearWeight(d.qkv, norm1, g.qkv(), rows, width, qkv, !fresh);
  }
}
