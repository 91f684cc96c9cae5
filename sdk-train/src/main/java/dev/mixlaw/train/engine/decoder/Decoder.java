package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.ModelSpec;

/**
 * A Llama-style decoder on one lane: losses, and gradients by its backward pass written out.
 *
 * <p>A block is {@code m = x + attention(norm(x))}, {@code y = m + swiglu(norm(m))}. Not for use by
 * several threads at once; several decoders may share weights as long as nobody writes these.
 */
final class Decoder {
  private final ModelSpec model;
  private final int vocabulary;
  private final Kernels.Heads heads;
  private final Kernels k;
  private final Parameters weights;
  private final Parameters gradients;
  private final Activations act;
  private final int[] staged;
  private int sequences;
  private int length;

  Decoder(
      ModelSpec model,
      int vocabulary,
      Kernels kernels,
      Parameters weights,
      Parameters gradients,
      Activations activations,
      int rows) {
    this.model = model;
    this.vocabulary = vocabulary;
    heads = Kernels.Heads.of(model);
    k = kernels;
    this.weights = weights;
    this.gradients = gradients;
    act = activations;
    staged = new int[rows];
  }

  /**
   * Losses of some sequences, and the gradients of {@code rowScale} times their sum.
   *
   * @param ids row-major {@code [.., context + 1]}
   * @param from first sequence
   * @param fresh whether the gradients begin anew, or are added to
   * @param nats receives the losses from {@code at} on
   */
  void backpropagate(
      int[] ids, int from, int count, double rowScale, boolean fresh, Values nats, int at) {
    begin(ids, from, count, model.context());
    embed();
    for (int i = 0; i < model.layers(); i++) {
      forward(i, act.streams.get(i), act.blocks.get(i), act.streams.get(i + 1));
    }
    if (fresh) {
      clearWhatIsOnlyAddedTo();
    }
    head(act.streams.get(model.layers()), rowScale, fresh, nats, at);
    for (int i = model.layers() - 1; i >= 0; i--) {
      backward(i, fresh);
    }
    k.embedBackward(act.inputs, rows(), act.dStream, gradients.embedding(), model.width());
  }

  /**
   * Losses only, in the memory of one block.
   *
   * @param ids row-major {@code [.., length + 1]}
   */
  void losses(int[] ids, int from, int count, int newLength, Values nats, int at) {
    begin(ids, from, count, newLength);
    embed();
    Values x = act.streams.get(0);
    Values y = act.streams.get(1);
    for (int i = 0; i < model.layers(); i++) {
      forward(i, x, act.blocks.get(0), y);
      Values swap = x;
      x = y;
      y = swap;
    }
    head(x, 0, false, nats, at);
  }

  private void begin(int[] ids, int from, int count, int newLength) {
    sequences = count;
    length = newLength;
    put(ids, from, 0, act.inputs);
    put(ids, from, 1, act.labels);
  }

  private void put(int[] ids, int from, int shift, Ids to) {
    for (int s = 0; s < sequences; s++) {
      System.arraycopy(ids, (from + s) * (length + 1) + shift, staged, s * length, length);
    }
    to.put(staged, rows());
  }

  private int rows() {
    return sequences * length;
  }

  private void embed() {
    k.embed(act.inputs, rows(), weights.embedding(), act.streams.get(0), model.width());
  }

  private void forward(int layer, Values x, Activations.Block own, Values y) {
    Parameters.Block w = weights.blocks().get(layer);
    int rows = rows();
    int width = model.width();
    int inner = model.feedForward();
    long stream = (long) rows * width;

    k.rmsNorm(x, w.norm1(), own.norm1(), own.scale1(), rows, width, model.normEpsilon());
    k.linear(own.norm1(), w.qkv(), own.qkv(), rows, width, heads.rowWidth(), false);
    k.rope(own.qkv(), heads, sequences, length, false);
    k.attention(own.qkv(), own.logSums(), own.attended(), heads, sequences, length);
    k.copy(x, own.middle(), stream);
    k.linear(own.attended(), w.out(), own.middle(), rows, width, width, true);

    k.rmsNorm(own.middle(), w.norm2(), own.norm2(), own.scale2(), rows, width, model.normEpsilon());
    k.linear(own.norm2(), w.gateUp(), own.gateUp(), rows, width, 2 * inner, false);
    k.swiglu(own.gateUp(), own.activated(), rows, inner);
    k.copy(own.middle(), y, stream);
    k.linear(own.activated(), w.down(), y, rows, inner, width, true);
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

  /** Losses and, unless {@code rowScale} is 0, gradients, some rows of logits at a time. */
  private void head(Values x, double rowScale, boolean fresh, Values nats, int at) {
    int width = model.width();
    k.rmsNorm(x, weights.norm(), act.headNorm, act.headScale, rows(), width, model.normEpsilon());
    for (int row = 0; row < rows(); row += act.chunk) {
      int n = Math.min(act.chunk, rows() - row);
      Values h = act.headNormRows(row);
      k.linear(h, weights.head(), act.logits, n, width, vocabulary, false);
      k.crossEntropy(act.logits, act.labels, row, n, vocabulary, rowScale, nats, at + row);
      if (rowScale != 0) {
        boolean add = !fresh || row > 0;
        k.linearWeight(act.logits, h, gradients.head(), n, width, vocabulary, add);
        k.linearInput(act.logits, weights.head(), act.dNormRows(row), n, width, vocabulary);
      }
    }
    if (rowScale != 0) {
      k.zero(act.dStream, (long) rows() * width);
      k.rmsNormBackward(
          act.dNorm,
          x,
          weights.norm(),
          act.headScale,
          act.dStream,
          gradients.norm(),
          rows(),
          width);
    }
  }

  /** Turns the gradient of the output into that of the input, in place. */
  private void backward(int layer, boolean fresh) {
    Activations.Block own = act.blocks.get(layer);
    Parameters.Block w = weights.blocks().get(layer);
    Parameters.Block g = gradients.blocks().get(layer);
    Values d = act.dStream;
    int rows = rows();
    int width = model.width();
    int inner = model.feedForward();
    int qkv = heads.rowWidth();

    k.linearWeight(d, own.activated(), g.down(), rows, inner, width, !fresh);
    k.linearInput(d, w.down(), act.dActivated, rows, inner, width);
    k.swigluBackward(own.gateUp(), act.dActivated, act.dGateUp, rows, inner);
    k.linearWeight(act.dGateUp, own.norm2(), g.gateUp(), rows, width, 2 * inner, !fresh);
    k.linearInput(act.dGateUp, w.gateUp(), act.dNorm, rows, width, 2 * inner);
    k.rmsNormBackward(act.dNorm, own.middle(), w.norm2(), own.scale2(), d, g.norm2(), rows, width);

    k.linearWeight(d, own.attended(), g.out(), rows, width, width, !fresh);
    k.linearInput(d, w.out(), act.dNorm, rows, width, width);
    k.attentionBackward(
        act.dNorm, own.attended(), own.qkv(), own.logSums(), act.dQkv, heads, sequences, length);
    k.rope(act.dQkv, heads, sequences, length, true);
    k.linearWeight(act.dQkv, own.norm1(), g.qkv(), rows, width, qkv, !fresh);
    k.linearInput(act.dQkv, w.qkv(), act.dNorm, rows, width, qkv);
    k.rmsNormBackward(
        act.dNorm, act.streams.get(layer), w.norm1(), own.scale1(), d, g.norm1(), rows, width);
  }
}
