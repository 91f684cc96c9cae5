package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;

/**
 * The forward pass of a Llama-style decoder on one lane.
 *
 * <p>A block computes {@code m = x + attention(norm(x))} and {@code y = m + swiglu(norm(m))}.
 * Instances are not thread-safe. Several instances may share weights as long as the weights do not
 * change.
 */
final class ForwardPass {
  final ModelSpec model;
  final int vocabulary;
  final DeviceKernels kernels;
  final Parameters weights;
  final Activations act;
  private final int[] staged;
  private AttentionShape shape;

  ForwardPass(
      ModelSpec model,
      int vocabulary,
      DeviceKernels kernels,
      Parameters weights,
      Activations activations,
      int rows) {
    this.model = model;
    this.vocabulary = vocabulary;
    shape = new AttentionShape(AttentionHeads.of(model), 0, 0);
    this.kernels = kernels;
    this.weights = weights;
    act = activations;
    staged = new int[rows];
  }

  /**
   * Computes losses, with activations for only one block. The last block skips computations that
   * are needed only for positions before {@code first}.
   *
   * @param ids the token ids, in row-major order, of shape {@code [.., length + 1]}
   * @param from index of the first sequence
   * @param first first position whose loss is computed
   * @param nats receives the losses, of shape {@code [count, length - first]}, starting at index
   *     {@code at}
   */
  void losses(int[] ids, int from, int count, int newLength, int first, Floats nats, int at) {
    embed(ids, from, count, newLength, first);
    Floats x = act.streams.get(0);
    Floats y = act.streams.get(1);
    int last = model.layers() - 1;
    for (int i = 0; i < last; i++) {
      block(i, x, y);
      Floats swap = x;
      x = y;
      y = swap;
    }
    attention(last, x);
    Activations.Block own = act.block(last);
    if (first == 0) {
      gate(last, own.attended(), x);
      feedForward(last, y);
      headNorm(y);
    } else {
      Floats attended = own.norm1();
      int sequences = shape.sequences();
      int length = shape.length();
      kernels.copyTails(own.attended(), attended, sequences, length, first, model.width());
      kernels.copyTails(x, y, sequences, length, first, model.width());
      reshape(sequences, length - first);
      gate(last, attended, y);
      feedForward(last, x);
      headNorm(x);
    }
    for (int row = 0; row < rows(); row += act.chunk) {
      logits(row);
      kernels.crossEntropy(act.logits, act.labels, row, chunk(row), vocabulary, 0, nats, at + row);
    }
  }

  /** Looks up the embeddings of sequences. Only labels from position {@code first} are used. */
  void embed(int[] ids, int from, int count, int newLength, int first) {
    reshape(count, newLength);
    put(ids, from, 0, newLength, act.inputs);
    put(ids, from, 1 + first, newLength - first, act.labels);
    kernels.embed(act.inputs, rows(), weights.embedding(), act.streams.get(0), model.width());
  }

  private void reshape(int sequences, int length) {
    if (shape.sequences() != sequences || shape.length() != length) {
      shape = new AttentionShape(shape.heads(), sequences, length);
    }
  }

  private void put(int[] ids, int from, int shift, int n, Ints to) {
    for (int s = 0; s < shape.sequences(); s++) {
      System.arraycopy(ids, (from + s) * (shape.length() + 1) + shift, staged, s * n, n);
    }
    to.put(staged, shape.sequences() * n);
  }

  int maxRows() {
    return staged.length;
  }

  AttentionShape shape() {
    return shape;
  }

  int rows() {
    return shape.rows();
  }

  void block(int layer, Floats x, Floats y) {
    recompute(layer, x);
    feedForward(layer, y);
  }

  void recompute(int layer, Floats x) {
    attention(layer, x);
    gate(layer, act.block(layer).attended(), x);
  }

  private void attention(int layer, Floats x) {
    Activations.Block own = act.block(layer);
    DeviceKernels k = kernels;
    Parameters.Block w = weights.blocks().get(layer);
    int width = model.width();

    k.rmsNorm(x, w.norm1(), own.norm1(), own.scale1(), rows(), width, model.normEpsilon());
    k.linear(own.norm1(), w.qkv(), own.projected(), rows(), width, shape.heads().rowWidth());
    if (model.qkNorm()) {
      k.normalizeHeads(own.projected(), w.headNorms(), own.qkv(), shape.heads(), rows());
    }
    k.rope(own.qkv(), shape, false);
    k.attention(own.qkv(), own.logSums(), own.attended(), shape);
  }

  private void gate(int layer, Floats attended, Floats x) {
    Activations.Block own = act.block(layer);
    DeviceKernels k = kernels;
    Parameters.Block w = weights.blocks().get(layer);
    int rows = rows();
    int width = model.width();

    k.residualLinear(attended, w.out(), x, own.middle(), rows, width, width);
    k.rmsNorm(own.middle(), w.norm2(), own.norm2(), own.scale2(), rows, width, model.normEpsilon());
    k.linear(own.norm2(), w.gateUp(), own.gateUp(), rows, width, 2 * model.feedForward());
  }

  private void feedForward(int layer, Floats y) {
    Activations.Block own = act.block(layer);
    Floats down = weights.blocks().get(layer).down();
    int inner = model.feedForward();

    kernels.swiglu(own.gateUp(), own.activated(), rows(), inner);
    kernels.residualLinear(own.activated(), down, own.middle(), y, rows(), inner, model.width());
  }

  void headNorm(Floats x) {
    kernels.rmsNorm(
        x, weights.norm(), act.headNorm, act.headScale, rows(), model.width(), model.normEpsilon());
  }

  /** Returns the number of rows in the chunk of logits that begins at the given row. */
  int chunk(int row) {
    return Math.min(act.chunk, rows() - row);
  }

  void logits(int row) {
    kernels.linear(
        act.headNormRows(row), weights.head(), act.logits, chunk(row), model.width(), vocabulary);
  }
}
