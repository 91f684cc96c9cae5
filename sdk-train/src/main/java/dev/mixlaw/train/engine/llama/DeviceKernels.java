package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.List;

/**
 * The operations of a decoder on one lane of a device. Matrices are dense and row-major. Each row
 * belongs to one token, and the tokens of a sequence are consecutive rows. A name with the prefix
 * {@code d} denotes the gradient of the loss with respect to the value without the prefix.
 *
 * <p>The operations of a lane take effect in the order of the calls, possibly after the calls have
 * returned. No operation allocates memory.
 */
public interface DeviceKernels {
  /**
   * Copies the end of each sequence: {@code to[s, t - first] = from[s, t]} for every {@code t >=
   * first}.
   *
   * @param from the source, of shape {@code [sequences, length, width]}
   * @param to the target, of shape {@code [sequences, length - first, width]}; must not overlap
   *     {@code from}
   */
  void copyTails(Floats from, Floats to, int sequences, int length, int first, int width);

  void zero(Floats to, long length);

  /** Looks up rows: {@code out[r] = table[ids[r]]}. */
  void embed(Ints ids, int rows, Floats table, Floats out, int width);

  /**
   * Adds the gradient of {@link #embed}: {@code dTable[ids[r]] += dOut[r]}. Rows with the same
   * token are added in ascending order.
   *
   * @param order the indices of the rows, sorted by token and then by index
   */
  void embedBackward(Ints ids, Ints order, int rows, Floats dOut, Floats dTable, int width);

  /**
   * Computes {@code y = x·wᵀ}.
   *
   * @param x the input, of shape {@code [rows, in]}
   * @param w the weight matrix, of shape {@code [out, in]}
   * @param y the output, of shape {@code [rows, out]}
   */
  void linear(Floats x, Floats w, Floats y, int rows, int in, int out);

  /**
   * Computes {@code y = residual + x·wᵀ}; see {@link #linear}.
   *
   * @param residual the matrix to add, of shape {@code [rows, out]}; may be {@code y}
   */
  void residualLinear(Floats x, Floats w, Floats residual, Floats y, int rows, int in, int out);

  /** Computes {@code dx = dy·w}. */
  void linearInput(Floats dy, Floats w, Floats dx, int rows, int in, int out);

  /** Computes {@code dw = dyᵀ·x}, or {@code dw += dyᵀ·x}. */
  void linearWeight(Floats dy, Floats x, Floats dw, int rows, int in, int out, boolean add);

  /**
   * Computes {@code y = x·r·w} with {@code r = 1 / √(mean(x²) + epsilon)} for each row (Zhang and
   * Sennrich 2019).
   */
  void rmsNorm(Floats x, Floats w, Floats y, Floats r, int rows, int width, double epsilon);

  /**
   * Adds the gradients of {@link #rmsNorm} to {@code dx} and {@code dw}.
   *
   * @param restore whether to overwrite {@code dy} with {@code y}, bit for bit, so that the forward
   *     pass need not keep {@code y}
   */
  void rmsNormBackward(
      Floats dy,
      Floats x,
      Floats w,
      Floats r,
      Floats dx,
      Floats dw,
      int rows,
      int width,
      boolean restore);

  /**
   * Normalizes each head of the queries and keys as {@link #rmsNorm} does a row, and copies the
   * values.
   *
   * @param from the queries, keys and values, of shape {@code [rows, rowWidth]}
   * @param w the weights for query heads and for key heads, of shape {@code [2, headSize]}
   * @param to the result; may be {@code from}
   */
  void normalizeHeads(Floats from, Floats w, Floats to, AttentionHeads heads, int rows);

  /**
   * Replaces {@code d}, the gradient with respect to the output of {@link #normalizeHeads}, with
   * the gradient with respect to its input, and adds the gradient of the weights to {@code dw}.
   *
   * @param from the input of {@link #normalizeHeads}
   */
  void normalizeHeadsBackward(
      Floats d, Floats from, Floats w, Floats dw, AttentionHeads heads, int rows);

  /**
   * Applies rotary position embeddings to the queries and keys in place (Su et al. 2021). As in
   * Hugging Face's implementation, value {@code i} of the first half of a head is paired with value
   * {@code i} of the second half.
   *
   * @param qkv the queries, keys and values, of shape {@code [rows, (heads +
   *     2·keyValueHeads)·headSize]}
   * @param backward whether to apply the inverse rotation, as for gradients
   */
  void rope(Floats qkv, AttentionShape shape, boolean backward);

  /**
   * Computes causal attention, {@code out = softmax(q·kᵀ / √headSize)·v}, for each head.
   *
   * @param softmax receives what {@link #attentionBackward} needs of each softmax: the logarithms
   *     of the denominators, of shape {@code [sequences, heads, length]} (Dao et al. 2022), or all
   *     weights. A device that needs neither uses it only if it has enough space for the weights.
   * @param out the output, of shape {@code [rows, heads·headSize]}
   */
  void attention(Floats qkv, Floats softmax, Floats out, AttentionShape shape);

  /**
   * Computes {@code dQkv}, the gradient of {@link #attention}.
   *
   * @param out the output of {@link #attention}
   */
  void attentionBackward(
      Floats dOut, Floats out, Floats qkv, Floats softmax, Floats dQkv, AttentionShape shape);

  /**
   * Packs weights for {@link #linearRows}. Does nothing if the device needs no packed weights. The
   * weights must be packed again after each change.
   *
   * @param w the weight matrix, of shape {@code [out, in]}
   * @param packed receives the packed weights; its length must be {@link #packedLength}
   */
  default void pack(Floats w, Floats packed, int in, int out) {}

  /** Returns the maximum number of values that {@link #pack} writes. */
  static long packedLength(int in, int out) {
    return (in + 63L) / 64 * 64 * ((out + 63L) / 64 * 64);
  }

  /**
   * Computes {@code y = x·wᵀ}, or {@code y += x·wᵀ}, for rows that may belong to different texts.
   * The result for a row does not depend on the other rows, not even in the last bit.
   *
   * @param packed the weights as packed by {@link #pack}
   * @param rows a multiple of {@link #ROW_GROUP}
   */
  default void linearRows(
      Floats x, Floats w, Floats packed, Floats y, int rows, int in, int out, boolean add) {
    if (add) {
      residualLinear(x, w, y, y, rows, in, out);
    } else {
      linear(x, w, y, rows, in, out);
    }
  }

  int ROW_GROUP = 8;

  /**
   * Computes the attention of new tokens over the key-value caches of their texts. Rotates the
   * query and the key of each new token by the token's position, and stores the key and the value
   * in the cache. Each token then attends to its own and all earlier positions. Several tokens may
   * belong to the same text. The result does not depend on other texts, not even in the last bit.
   *
   * @param qkv the queries, keys and values, of shape {@code [rows, rowWidth]}; overwritten
   * @param keys the cached keys, of shape {@code [slots, keyValueHeads, capacity, headSize]}
   * @param values the cached values, of shape {@code [slots, keyValueHeads, capacity, headSize]}
   * @param places the index of each token in the cache, {@code slot·capacity + position}; each text
   *     has its own slot
   * @param out the output, of shape {@code [rows, heads·headSize]}
   */
  void cachedAttention(
      Floats qkv,
      Floats keys,
      Floats values,
      Ints places,
      Floats out,
      AttentionHeads heads,
      int rows,
      int capacity);

  /**
   * Computes {@code out = gate·sigmoid(gate)·up} (Shazeer 2020).
   *
   * @param gateUp the gate values, followed by the up values, in each row; of shape {@code [rows,
   *     2·width]}
   * @param out the output, of shape {@code [rows, width]}
   */
  void swiglu(Floats gateUp, Floats out, int rows, int width);

  /**
   * Computes {@code dGateUp}, the gradient of {@link #swiglu}.
   *
   * @param restore whether to overwrite {@code dOut} with {@code out}, as in {@link
   *     #rmsNormBackward}
   */
  void swigluBackward(
      Floats gateUp, Floats dOut, Floats dGateUp, int rows, int width, boolean restore);

  /**
   * Computes the loss of each row, and overwrites {@code logits} with the gradient of {@code scale}
   * times the sum of these losses. If {@code scale} is 0, the values of {@code logits} are
   * undefined afterwards.
   *
   * @param labels the labels; the label of row {@code r} is {@code labels[from + r]}
   * @param nats receives the loss of row {@code r}, {@code -ln p(label)}, at index {@code at + r}
   */
  void crossEntropy(
      Floats logits,
      Ints labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      Floats nats,
      int at);

  /**
   * Replaces the first gradient with the sum of all gradients, and computes the squared norm of the
   * sum.
   *
   * @param squares receives the squared norm at {@code index}; it is not finite if any value is not
   *     finite
   */
  void reduce(List<Floats> gradients, long length, Floats squares, int index);

  /**
   * A range of weights that one lane updates in one call. Weight decay applies to all of these
   * weights or to none.
   *
   * @param gradients the gradient from each lane; the sum of all gradients replaces the first one
   */
  record Piece(boolean decays, Floats weights, List<Floats> gradients, Floats mean, Floats square) {
    public Piece {
      gradients = List.copyOf(gradients);
    }
  }

  /**
   * Applies AdamW to a range of weights, with the gradient clipped by the global norm. Does nothing
   * if the norm is not finite.
   *
   * @param squares the squared norm of each piece of the gradient
   */
  void adamW(Piece piece, Floats squares, double clipNorm, AdamWStep step);
}
