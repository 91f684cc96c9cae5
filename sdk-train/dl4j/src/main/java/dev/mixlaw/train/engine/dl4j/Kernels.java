package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;

/**
 * The operations that make up a decoder. Matrices are dense and row-major; {@code rows} are tokens,
 * sequence after sequence. Results named {@code d…} are gradients of the loss.
 *
 * <p>Implementations hold scratch memory and are not thread-safe.
 */
interface Kernels extends AutoCloseable {
  /** Copies the first {@code length} values of {@code from} to {@code to}. */
  void copy(Tensor from, Tensor to, long length);

  void zero(Tensor to, long length);

  /** Computes {@code to += from} for the first {@code length} values. */
  void add(Tensor from, Tensor to, long length);

  /** Looks up rows: {@code out[r] = table[ids[r]]}. */
  void embed(int[] ids, int rows, Tensor table, Tensor out, int width);

  /** Adds the gradient of {@link #embed}: {@code dTable[ids[r]] += dOut[r]}. */
  void embedBackward(int[] ids, int rows, Tensor dOut, Tensor dTable, int width);

  /**
   * Computes {@code y = x·wᵀ}, or {@code y += x·wᵀ}.
   *
   * @param x {@code [rows, in]}
   * @param w {@code [out, in]}
   * @param y {@code [rows, out]}
   */
  void linear(Tensor x, Tensor w, Tensor y, int rows, int in, int out, boolean accumulate);

  /** Computes {@code dx = dy·w}. */
  void linearInput(Tensor dy, Tensor w, Tensor dx, int rows, int in, int out);

  /** Computes {@code dw += dyᵀ·x}. */
  void linearWeight(Tensor dy, Tensor x, Tensor dw, int rows, int in, int out);

  /**
   * Computes {@code y = x·r·w} with {@code r = 1 / √(mean(x²) + epsilon)} for each row (Zhang and
   * Sennrich 2019).
   *
   * @param r receives one value per row
   */
  void rmsNorm(Tensor x, Tensor w, Tensor y, Tensor r, int rows, int width, double epsilon);

  /** Adds the gradients of {@link #rmsNorm} to {@code dx} and {@code dw}. */
  void rmsNormBackward(
      Tensor dy, Tensor x, Tensor w, Tensor r, Tensor dx, Tensor dw, int rows, int width);

  /**
   * Rotates queries and keys in place by their positions (Su et al. 2021). As in Hugging Face's
   * implementation, value {@code i} of a head's first half is paired with value {@code i} of its
   * second half.
   *
   * @param qkv {@code [rows, (heads + 2·keyValueHeads)·headSize]}: queries, keys, values
   * @param backward whether to apply the inverse rotation, which gradients need
   */
  void rope(Tensor qkv, AttentionHeads heads, int sequences, int length, boolean backward);

  /**
   * Computes causal attention, {@code out = softmax(q·kᵀ / √headSize)·v}, for each head.
   *
   * @param weights receives the softmax, {@code [sequences, heads, length, length]}
   * @param out {@code [rows, heads·headSize]}
   */
  void attention(
      Tensor qkv, Tensor weights, Tensor out, AttentionHeads heads, int sequences, int length);

  /**
   * Computes {@code dx}, the gradient of {@link #attention} with respect to {@code qkv}.
   *
   * @param dy the gradient of the {@code out} of {@link #attention}
   * @param w the softmax that {@link #attention} stored in {@code weights}
   */
  void attentionBackward(
      Tensor dy, Tensor qkv, Tensor w, Tensor dx, AttentionHeads heads, int sequences, int length);

  /**
   * Computes {@code out = gate·sigmoid(gate)·up} (Shazeer 2020).
   *
   * @param gateUp {@code [rows, 2·width]}: gate, up
   * @param out {@code [rows, width]}
   */
  void swiglu(Tensor gateUp, Tensor out, int rows, int width);

  /** Computes {@code dGateUp}, the gradient of {@link #swiglu}. */
  void swigluBackward(Tensor gateUp, Tensor dOut, Tensor dGateUp, int rows, int width);

  /**
   * Computes the loss of each row, and replaces {@code logits} with the gradient of {@code scale}
   * times the sum of the losses. If {@code scale} is 0, the values of {@code logits} are undefined
   * afterwards.
   *
   * @param labels the label of row {@code r} is {@code labels[from + r]}
   * @param nats receives {@code -ln p(label)} at {@code from + r}
   */
  void crossEntropy(
      Tensor logits, int[] labels, int from, int rows, int vocabulary, double scale, double[] nats);

  /** Returns the sum of squares, which is not finite if any value is not finite. */
  double sumOfSquares(Tensor of, long length);

  /**
   * Applies one AdamW update with decoupled weight decay to a tensor (Loshchilov and Hutter 2019).
   */
  void adamW(
      Tensor weights, Tensor gradient, Tensor mean, Tensor square, long length, AdamWStep step);

  @Override
  void close();
}
