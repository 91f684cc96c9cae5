package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/**
 * The forward pass of a Llama-style decoder on one lane.
 *
 * <p>Instances are not thread-safe. Several instances may share weights as long as the weights do
 * not change.
 */
final class ForwardPass {
  final ModelSpec model;
  final int vocabulary;
  final DeviceKernels kernels;
  final Parameters weights;
  final Activations act;
  final List<DecoderBlock> blocks = new ArrayList<>();
  private final int[] staged;
  private AttentionShape shape;

  ForwardPass(
      ModelSpec model,
      DeviceKernels kernels,
      Parameters weights,
      Activations activations,
      int rows) {
    this.model = model;
    vocabulary = weights.head().out();
    shape = new AttentionShape(AttentionHeads.of(model), 0, 0);
    this.kernels = kernels;
    this.weights = weights;
    act = activations;
    staged = new int[rows];
    for (int i = 0; i < model.layers(); i++) {
      blocks.add(DecoderBlock.of(model, kernels, weights.blocks().get(i), activations.block(i)));
    }
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
      blocks.get(i).forward(x, y, shape);
      Floats swap = x;
      x = y;
      y = swap;
    }
    DecoderBlock block = blocks.get(last);
    if (first == 0) {
      block.forward(x, y, shape);
    } else {
      block.attention().forwardTails(x, y, shape, first);
      reshape(shape.sequences(), shape.length() - first);
      block.feedForward().forward(block.attention().own().output(), y, shape.rows());
    }
    headNorm(y);
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

  void headNorm(Floats x) {
    kernels.rmsNorm(
        x, weights.norm(), act.headNorm, act.headScale, rows(), model.width(), model.normEpsilon());
  }

  /** Returns the number of rows in the chunk of logits that begins at the given row. */
  int chunk(int row) {
    return Math.min(act.chunk, rows() - row);
  }

  void logits(int row) {
    weights.head().multiply(kernels, act.headNormRows.get(row / act.chunk), act.logits, chunk(row));
  }
}
