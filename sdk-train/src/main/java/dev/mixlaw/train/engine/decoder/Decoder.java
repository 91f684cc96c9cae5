package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.ModelSpec;

/**
 * A Llama-style decoder on one lane: its forward pass. {@link Backpropagation} is the way back.
 *
 * <p>A block is {@code m = x + attention(norm(x))}, {@code y = m + swiglu(norm(m))}. Not for use by
 * several threads at once; several decoders may share weights as long as nobody writes these.
 */
final class Decoder {
  final ModelSpec model;
  final int vocabulary;
  final Kernels.Heads heads;
  final Kernels kernels;
  final Parameters weights;
  final Activations act;
  private final int[] staged;
  private int sequences;
  private int length;

  /**
   * @param rows most tokens at a time
   */
  Decoder(
      ModelSpec model,
      int vocabulary,
      Kernels kernels,
      Parameters weights,
      Activations activations,
      int rows) {
    this.model = model;
    this.vocabulary = vocabulary;
    heads = Kernels.Heads.of(model);
    this.kernels = kernels;
    this.weights = weights;
    act = activations;
    staged = new int[rows];
  }

  /**
   * Losses only, in the memory of one block.
   *
   * @param ids row-major {@code [.., length + 1]}
   * @param from first sequence
   * @param nats receives the losses from {@code at} on
   */
  void losses(int[] ids, int from, int count, int newLength, Values nats, int at) {
    begin(ids, from, count, newLength);
    Values x = act.streams.get(0);
    Values y = act.streams.get(1);
    for (int i = 0; i < model.layers(); i++) {
      forward(i, x, y);
      Values swap = x;
      x = y;
      y = swap;
    }
    headNorm(x);
    for (int row = 0; row < rows(); row += act.chunk) {
      logits(row);
      kernels.crossEntropy(act.logits, act.labels, row, chunk(row), vocabulary, 0, nats, at + row);
    }
  }

  /** Takes sequences and looks up their first activations. */
  void begin(int[] ids, int from, int count, int newLength) {
    sequences = count;
    length = newLength;
    put(ids, from, 0, act.inputs);
    put(ids, from, 1, act.labels);
    kernels.embed(act.inputs, rows(), weights.embedding(), act.streams.get(0), model.width());
  }

  private void put(int[] ids, int from, int shift, Ids to) {
    for (int s = 0; s < sequences; s++) {
      System.arraycopy(ids, (from + s) * (length + 1) + shift, staged, s * length, length);
    }
    to.put(staged, rows());
  }

  int sequences() {
    return sequences;
  }

  int length() {
    return length;
  }

  int rows() {
    return sequences * length;
  }

  /** A block. */
  void forward(int layer, Values x, Values y) {
    Activations.Block own = act.block(layer);
    activate(layer, x);
    kernels.swiglu(own.gateUp(), own.activated(), rows(), model.feedForward());
    kernels.residualLinear(
        own.activated(),
        weights.blocks().get(layer).down(),
        own.middle(),
        y,
        rows(),
        model.feedForward(),
        model.width());
  }

  /** A block but for its gated unit and its output: what its way back cannot do without. */
  void activate(int layer, Values x) {
    Activations.Block own = act.block(layer);
    Kernels k = kernels;
    Parameters.Block w = weights.blocks().get(layer);
    int rows = rows();
    int width = model.width();

    k.rmsNorm(x, w.norm1(), own.norm1(), own.scale1(), rows, width, model.normEpsilon());
    k.linear(own.norm1(), w.qkv(), own.qkv(), rows, width, heads.rowWidth());
    k.rope(own.qkv(), heads, sequences, length, false);
    k.attention(own.qkv(), own.logSums(), own.attended(), heads, sequences, length);
    k.residualLinear(own.attended(), w.out(), x, own.middle(), rows, width, width);

    k.rmsNorm(own.middle(), w.norm2(), own.norm2(), own.scale2(), rows, width, model.normEpsilon());
    k.linear(own.norm2(), w.gateUp(), own.gateUp(), rows, width, 2 * model.feedForward());
  }

  void headNorm(Values x) {
    kernels.rmsNorm(
        x, weights.norm(), act.headNorm, act.headScale, rows(), model.width(), model.normEpsilon());
  }

  /** Rows of the chunk of logits that begins with {@code row}. */
  int chunk(int row) {
    return Math.min(act.chunk, rows() - row);
  }

  /** Logits of a chunk. */
  void logits(int row) {
    kernels.linear(
        act.headNormRows(row), weights.head(), act.logits, chunk(row), model.width(), vocabulary);
  }
}
