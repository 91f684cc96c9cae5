package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;

/**
 * A Llama-style decoder on one lane: its forward pass. {@link BackwardPass} is the way back.
 *
 * <p>A block is {@code m = x + attention(norm(x))}, {@code y = m + swiglu(norm(m))}. Not for use by
 * several threads at once; several decoders may share weights as long as nobody writes these.
 */
final class ForwardPass {
  final ModelSpec model;
  final int vocabulary;
  final AttentionHeads heads;
  final DeviceKernels kernels;
  final Parameters weights;
  final Activations act;
  private final int[] staged;
  private int sequences;
  private int length;

  /**
   * @param rows most tokens at a time
   */
  ForwardPass(
      ModelSpec model,
      int vocabulary,
      DeviceKernels kernels,
      Parameters weights,
      Activations activations,
      int rows) {
    this.model = model;
    this.vocabulary = vocabulary;
    heads = AttentionHeads.of(model);
    this.kernels = kernels;
    this.weights = weights;
    act = activations;
    staged = new int[rows];
  }

  /**
   * Losses only, in the memory of one block. Of the last block, what only earlier positions would
   * need is left out.
   *
   * @param ids row-major {@code [.., length + 1]}
   * @param from first sequence
   * @param first position whose loss is wanted
   * @param nats receives the losses, {@code [count, length - first]}, from {@code at} on
   */
  void losses(int[] ids, int from, int count, int newLength, int first, DeviceFloats nats, int at) {
    begin(ids, from, count, newLength, first);
    DeviceFloats x = act.streams.get(0);
    DeviceFloats y = act.streams.get(1);
    int last = model.layers() - 1;
    for (int i = 0; i < last; i++) {
      forward(i, x, y);
      DeviceFloats swap = x;
      x = y;
      y = swap;
    }
    attend(last, x);
    Activations.Block own = act.block(last);
    if (first == 0) {
      gate(last, own.attended(), x);
      unit(last, y);
      headNorm(y);
    } else {
      DeviceFloats attended = own.norm1();
      kernels.ends(own.attended(), attended, sequences, length, first, model.width());
      kernels.ends(x, y, sequences, length, first, model.width());
      length -= first;
      gate(last, attended, y);
      unit(last, x);
      headNorm(x);
    }
    for (int row = 0; row < rows(); row += act.chunk) {
      logits(row);
      kernels.crossEntropy(act.logits, act.labels, row, chunk(row), vocabulary, 0, nats, at + row);
    }
  }

  /**
   * Takes sequences and looks up their first activations.
   *
   * @param first position whose label is wanted
   */
  void begin(int[] ids, int from, int count, int newLength, int first) {
    sequences = count;
    length = newLength;
    put(ids, from, 0, length, act.inputs);
    put(ids, from, 1 + first, length - first, act.labels);
    kernels.embed(act.inputs, rows(), weights.embedding(), act.streams.get(0), model.width());
  }

  private void put(int[] ids, int from, int shift, int n, DeviceInts to) {
    for (int s = 0; s < sequences; s++) {
      System.arraycopy(ids, (from + s) * (length + 1) + shift, staged, s * n, n);
    }
    to.put(staged, sequences * n);
  }

  int mostRows() {
    return staged.length;
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
  void forward(int layer, DeviceFloats x, DeviceFloats y) {
    activate(layer, x);
    unit(layer, y);
  }

  /** A block but for its gated unit and its output: what its way back cannot do without. */
  void activate(int layer, DeviceFloats x) {
    attend(layer, x);
    gate(layer, act.block(layer).attended(), x);
  }

  private void attend(int layer, DeviceFloats x) {
    Activations.Block own = act.block(layer);
    DeviceKernels k = kernels;
    Parameters.Block w = weights.blocks().get(layer);
    int width = model.width();

    k.rmsNorm(x, w.norm1(), own.norm1(), own.scale1(), rows(), width, model.normEpsilon());
    k.linear(own.norm1(), w.qkv(), own.qkv(), rows(), width, heads.rowWidth());
    k.rope(own.qkv(), heads, sequences, length, false);
    k.attention(own.qkv(), own.logSums(), own.attended(), heads, sequences, length);
  }

  /**
   * @param x what went into the block
   */
  private void gate(int layer, DeviceFloats attended, DeviceFloats x) {
    Activations.Block own = act.block(layer);
    DeviceKernels k = kernels;
    Parameters.Block w = weights.blocks().get(layer);
    int rows = rows();
    int width = model.width();

    k.residualLinear(attended, w.out(), x, own.middle(), rows, width, width);
    k.rmsNorm(own.middle(), w.norm2(), own.norm2(), own.scale2(), rows, width, model.normEpsilon());
    k.linear(own.norm2(), w.gateUp(), own.gateUp(), rows, width, 2 * model.feedForward());
  }

  private void unit(int layer, DeviceFloats y) {
    Activations.Block own = act.block(layer);
    DeviceFloats down = weights.blocks().get(layer).down();
    int inner = model.feedForward();

    kernels.swiglu(own.gateUp(), own.activated(), rows(), inner);
    kernels.residualLinear(own.activated(), down, own.middle(), y, rows(), inner, model.width());
  }

  void headNorm(DeviceFloats x) {
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
