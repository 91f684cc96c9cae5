package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;

/**
 * The operations of a decoder. Matrices are dense and row-major. Each row belongs to one token, and
 * the tokens of a sequence are consecutive rows. A name with the prefix {@code d} denotes the
 * gradient of the loss with respect to the value without the prefix. Kernels are not thread-safe.
 */
interface Kernels extends AutoCloseable {
  void copy(Tensor from, Tensor to, long length);

  void zero(Tensor to, long length);

  void add(Tensor from, Tensor to, long length);

  /** Looks up rows: {@code out[r] = table[ids[r]]}. */
  void embed(int[] ids, int rows, Tensor table, Tensor out, int width);

  /** Adds the gradient of {@link #embed}: {@code dTable[ids[r]] += dOut[r]}. */
  void embedBackward(int[] ids, int rows, Tensor dOut, Tensor dTable, int width);

  /**
   * Computes {@code y = x·wᵀ}, or {@code y += x·wᵀ}.
   *
   * @param x the input, of shape {@code [rows, in]}
   * @param w the weight matrix, of shape {@code [out, in]}
   * @param y the output, of shape {@code [rows, out]}
   */
  void linear(Tensor x, Tensor w, Tensor y, int rows, int in, int out, boolean accumulate);

  /** Computes {@code dx = dy·w}. */
  void linearInput(Tensor dy, Tensor w, Tensor dx, int rows, int in, int out);

  /** Computes {@code dw += dyᵀ·x}. */
  void linearWeight(Tensor dy, Tensor x, Tensor dw, int rows, int in, int out);

  /**
   * Computes {@code y = x·r·w} with {@code r = 1 / √(mean(x²) + epsilon)} for each row (Zhang and
   * Sennrich 2019).
   */
  void rmsNorm(Tensor x, Tensor w, Tensor y, Tensor r, int rows, int width, double epsilon);

  void rmsNormBackward(
      Tensor dy, Tensor x, Tensor w, Tensor r, Tensor dx, Tensor dw, int rows, int width);

  /**
   * Normalizes each head of the queries and keys as {@link #rmsNorm} does a row, and copies the
   * values to {@code to}.
   *
   * @param w the weights for query heads and for key heads, of shape {@code [2, headSize]}
   */
  void normalizeHeads(Tensor from, Tensor w, Tensor to, AttentionHeads heads, int rows);

  /**
   * Replaces {@code d}, the gradient with respect to the output of {@link #normalizeHeads}, with
   * the gradient with respect to its input, and adds the gradient of the weights to {@code dw}.
   */
  void normalizeHeadsBackward(
      Tensor d, Tensor from, Tensor w, Tensor dw, AttentionHeads heads, int rows);

  /**
   * Applies rotary position embeddings to the queries and keys in place (Su et al. 2021). As in
   * Hugging Face's implementation, value {@code i} of the first half of a head is paired with value
   * {@code i} of the second half.
   *
   * @param qkv the queries, keys and values, of shape {@code [rows, (heads +
   *     2·keyValueHeads)·headSize]}
   * @param backward whether to apply the inverse rotation, as for gradients
   */
  void rope(Tensor qkv, AttentionHeads heads, int sequences, int length, boolean backward);

  /**
   * Computes causal attention, {@code out = softmax(q·kᵀ / √headSize)·v}, for each head.
   *
   * @param weights receives the softmax, of shape {@code [sequences, heads, length, length]}
   * @param out the output, of shape {@code [rows, heads·headSize]}
   */
  void attention(
      Tensor qkv, Tensor weights, Tensor out, AttentionHeads heads, int sequences, int length);

  /**
   * Computes {@code dx}, the gradient of {@link #attention} with respect to {@code qkv}.
   *
   * @param dy the gradient with respect to the output of {@link #attention}
   */
  void attentionBackward(
      Tensor dy, Tensor qkv, Tensor w, Tensor dx, AttentionHeads heads, int sequences, int length);

  /**
   * Computes {@code out = gate·sigmoid(gate)·up} (Shazeer 2020).
   *
   * @param gateUp the gate values, followed by the up values, in each row; of shape {@code [rows,
   *     2·width]}
   */
  void swiglu(Tensor gateUp, Tensor out, int rows, int width);

  /** Computes {@code dGateUp}, the gradient of {@link #swiglu}. */
  void swigluBackward(Tensor gateUp, Tensor dOut, Tensor dGateUp, int rows, int width);

  /**
   * Computes the loss of each row, and overwrites {@code logits} with the gradient of {@code scale}
   * times the sum of these losses. If {@code scale} is 0, the values of {@code logits} are
   * undefined afterwards.
   *
   * @param labels the labels; the label of row {@code r} is {@code labels[from + r]}
   * @param nats receives the loss of row {@code r}, {@code -ln p(label)}, at index {@code from + r}
   */
  void crossEntropy(
      Tensor logits, int[] labels, int from, int rows, int vocabulary, double scale, double[] nats);

  /** Returns the sum of squares, which is not finite if any value is not finite. */
  double sumOfSquares(Tensor of, long length);

  void adamW(
      Tensor weights, Tensor gradient, Tensor mean, Tensor square, long length, AdamWStep step);

  @Override
  void close();
}
