package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;

/**
 * The attention sublayer of a decoder block on one lane: {@code y = x + attention(norm(x))}. It has
 * a forward pass, a backward pass, and a step of text generation with a key-value cache.
 */
record AttentionSublayer(ModelSpec model, DeviceKernels k, Weights w, Buffers own) {
  /**
   * The weights, or their gradients.
   *
   * @param headNorms the weights of QK-norm, of shape {@code [2, headSize]}; empty without QK-norm
   * @param qkv the query, key and value projections
   */
  record Weights(Floats norm, Floats headNorms, WeightMatrix qkv, WeightMatrix out) {
    static Weights of(Parameters.Reader tensors, ModelSpec model) {
      Floats norm = tensors.norm(1);
      Floats headNorms = tensors.norm(model.qkNorm() ? 2 : 0);
      return new Weights(norm, headNorms, tensors.matrix(3), tensors.matrix(1));
    }
  }

  /**
   * The buffers to which the forward pass writes.
   *
   * @param norm output of the norm
   * @param scale inverse root mean square of each row of the norm's input
   * @param projected the queries, keys and values before QK-norm; the same object as {@code qkv}
   *     without QK-norm
   * @param softmax what the backward pass needs of the softmax; see {@link DeviceKernels#attention}
   * @param attended output of the attention heads
   * @param output the residual stream after this sublayer
   */
  record Buffers(
      Floats norm,
      Floats scale,
      Floats projected,
      Floats qkv,
      Floats softmax,
      Floats attended,
      Floats output) {
    static Buffers allocate(
        ModelSpec model,
        int rows,
        Floats norm,
        Floats output,
        int softmaxLength,
        Allocator allocator) {
      long length = (long) rows * AttentionHeads.of(model).rowWidth();
      Floats qkv = allocator.allocateFactors(length);
      return new Buffers(
          norm,
          allocator.allocate(rows),
          model.qkNorm() ? allocator.allocateActivations(length) : qkv,
          qkv,
          allocator.allocate((long) rows * model.heads() * softmaxLength),
          allocator.allocateFactors((long) rows * model.width()),
          output);
    }
  }

  void forward(Floats x, AttentionShape shape) {
    attend(x, shape);
    addOutput(own.attended(), x, shape.rows());
  }

  /**
   * Computes the output only for the positions from {@code first} on.
   *
   * @param tails receives the rows of {@code x} at these positions
   */
  void forwardTails(Floats x, Floats tails, AttentionShape shape, int first) {
    attend(x, shape);
    int n = shape.sequences();
    k.copyTails(own.attended(), own.norm(), n, shape.length(), first, model.width());
    k.copyTails(x, tails, n, shape.length(), first, model.width());
    addOutput(own.norm(), tails, n * (shape.length() - first));
  }

  private void attend(Floats x, AttentionShape shape) {
    project(x, shape.rows());
    k.rope(own.qkv(), shape, false);
    k.attention(own.qkv(), own.softmax(), own.attended(), shape);
  }

  private void project(Floats x, int rows) {
    k.rmsNorm(x, w.norm(), own.norm(), own.scale(), rows, model.width(), model.normEpsilon());
    w.qkv().multiply(k, own.norm(), own.projected(), rows);
    if (model.qkNorm()) {
      k.normalizeHeads(own.projected(), w.headNorms(), own.qkv(), AttentionHeads.of(model), rows);
    }
  }

  private void addOutput(Floats attended, Floats x, int rows) {
    w.out().multiplyAndAdd(k, attended, x, own.output(), rows);
  }

  /**
   * Adds the gradient with respect to {@code x} to the gradient of the residual stream.
   *
   * @param g receives the gradients of the weights
   * @param add whether to add the gradients of matrices instead of overwriting them
   */
  void backward(Floats x, ActivationGradients d, Weights g, AttentionShape shape, boolean add) {
    int rows = shape.rows();
    Floats norm = d.restore ? d.norm : own.norm();
    g.out().gradient(k, d.stream, own.attended(), rows, add);
    w.out().inputGradient(k, d.stream, d.norm, rows);
    k.attentionBackward(d.norm, own.attended(), own.qkv(), own.softmax(), d.qkv, shape);
    k.rope(d.qkv, shape, true);
    if (model.qkNorm()) {
      k.normalizeHeadsBackward(
          d.qkv, own.projected(), w.headNorms(), g.headNorms(), shape.heads(), rows);
    }
    w.qkv().inputGradient(k, d.qkv, d.norm, rows);
    k.rmsNormBackward(
        d.norm, x, w.norm(), own.scale(), d.stream, g.norm(), rows, model.width(), d.restore);
    g.qkv().gradient(k, d.qkv, norm, rows, add);
  }

  /**
   * Processes new tokens of several texts; see {@link DeviceKernels#cachedAttention}.
   *
   * @param padded number of rows with padding
   */
  void step(Floats x, Floats keys, Floats values, Ints places, int rows, int padded) {
    project(x, padded);
    k.cachedAttention(
        own.qkv(),
        keys,
        values,
        places,
        own.attended(),
        AttentionHeads.of(model),
        rows,
        model.context());
    addOutput(own.attended(), x, padded);
  }
}
