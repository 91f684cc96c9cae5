package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.List;

/**
 * The operations that make up a decoder, on one lane of a device. Matrices are dense and row-major;
 * {@code rows} are tokens, sequence after sequence. Results named {@code d…} are gradients of the
 * loss.
 *
 * <p>The calls of a lane take effect in order, possibly after they return. None of them allocates
 * memory.
 */
public interface DeviceKernels {
  /**
   * Copies the tails of sequences: {@code to[s, t - first] = from[s, t]} for every {@code t} from
   * {@code first} on.
   *
   * @param from {@code [sequences, length, width]}
   * @param to {@code [sequences, length - first, width]}; must not overlap {@code from}
   */
  void copyTails(Floats from, Floats to, int sequences, int length, int first, int width);

  void zero(Floats to, long length);

  /** Looks up rows: {@code out[r] = table[ids[r]]}. */
  void embed(Ints ids, int rows, Floats table, Floats out, int width);

  /**
   * Adds the gradient of {@link #embed}: {@code dTable[ids[r]] += dOut[r]}. Rows of the same token
   * are added in order.
   *
   * @param order the rows sorted by token; rows of the same token keep their order
   */
  void embedBackward(Ints ids, Ints order, int rows, Floats dOut, Floats dTable, int width);

  /**
   * Computes {@code y = x·wᵀ}.
   *
   * @param x {@code [rows, in]}
   * @param w {@code [out, in]}
   * @param y {@code [rows, out]}
   */
  void linear(Floats x, Floats w, Floats y, int rows, int in, int out);

  /**
   * Computes {@code y = residual + x·wᵀ}; see {@link #linear}.
   *
   * @param residual {@code [rows, out]}; may be {@code y}
   */
  void residualLinear(Floats x, Floats w, Floats residual, Floats y, int rows, int in, int out);

  /** Computes {@code dx = dy·w}. */
  void linearInput(Floats dy, Floats w, Floats dx, int rows, int in, int out);

  /** Computes {@code dw = dyᵀ·x}, or {@code dw += dyᵀ·x}. */
  void linearWeight(Floats dy, Floats x, Floats dw, int rows, int in, int out, boolean add);

  /**
   * Computes {@code y = x·r·w} with {@code r = 1 / √(mean(x²) + epsilon)} for each row (Zhang and
   * Sennrich 2019).
   *
   * @param r receives one value per row
   */
  void rmsNorm(Floats x, Floats w, Floats y, Floats r, int rows, int width, double epsilon);

  /**
   * Adds the gradients of {@link #rmsNorm} to {@code dx} and {@code dw}.
   *
   * @param restore whether {@code dy} is overwritten with exactly {@code y}. The kernel can compute
   *     it from {@code x} and {@code r}, so {@code y} need not be kept
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
   * Applies rotary positions to queries and keys in place (Su et al. 2021). As in Hugging Face's
   * implementation, value {@code i} of a head's first half is paired with value {@code i} of its
   * second half.
   *
   * @param qkv {@code [rows, (heads + 2·keyValueHeads)·headSize]}: queries, keys, values
   * @param backward whether to apply the inverse rotation, which gradients need
   */
  void rope(Floats qkv, AttentionShape shape, boolean backward);

  /**
   * Computes causal attention, {@code out = softmax(q·kᵀ / √headSize)·v}, for each head.
   *
   * @param logSums receives the logarithm of each softmax's denominator, {@code [sequences, heads,
   *     length]}, if {@link #attentionBackward} recomputes the softmax from these logarithms (Dao
   *     et al. 2022)
   * @param out {@code [rows, heads·headSize]}
   */
  void attention(Floats qkv, Floats logSums, Floats out, AttentionShape shape);

  /**
   * Computes {@code dQkv}, the gradient of {@link #attention}.
   *
   * @param out the output of {@link #attention}
   */
  void attentionBackward(
      Floats dOut, Floats out, Floats qkv, Floats logSums, Floats dQkv, AttentionShape shape);

  /**
   * Packs weights for {@link #linearRows} if the device needs packed weights. The weights must be
   * packed again after they have changed.
   *
   * @param w {@code [out, in]}
   * @param packed receives the packed weights; it has {@link #packedLength} values
   */
  default void pack(Floats w, Floats packed, int in, int out) {}

  /** Returns the maximum number of values that {@link #pack} writes. */
  static long packedLength(int in, int out) {
    return (in + 63L) / 64 * 64 * ((out + 63L) / 64 * 64);
  }

  /**
   * Computes {@code y = x·wᵀ}, or {@code y += x·wᵀ}, for rows of different texts. The bits of a
   * row's result do not depend on the other rows or on their number.
   *
   * @param packed {@code w} packed by {@link #pack}
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

  /** The number of rows passed to {@link #linearRows} must be a multiple of this number. */
  int ROW_GROUP = 8;

  /**
   * Computes the attention of new tokens over the key-value cache of their texts. This method
   * rotates each token's query and key by its position and stores all keys and values. Then each
   * token attends to its own position and all earlier positions. A text may have several rows. The
   * bits of a row's result do not depend on other texts.
   *
   * @param qkv {@code [rows, rowWidth]}; overwritten
   * @param keys {@code [slots, keyValueHeads, capacity, headSize]}
   * @param values {@code [slots, keyValueHeads, capacity, headSize]}
   * @param places the place of each token in the cache: {@code slot·capacity + position}, where a
   *     slot is the part of the cache for one text
   * @param out {@code [rows, heads·headSize]}
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
   * @param gateUp {@code [rows, 2·width]}: gate, up
   * @param out {@code [rows, width]}
   */
  void swiglu(Floats gateUp, Floats out, int rows, int width);

  /**
   * Computes {@code dGateUp}, the gradient of {@link #swiglu}.
   *
   * @param restore whether {@code dOut} is overwritten with {@code out}, as in {@link
   *     #rmsNormBackward}
   */
  void swigluBackward(
      Floats gateUp, Floats dOut, Floats dGateUp, int rows, int width, boolean restore);

  /**
   * Computes the loss of each row. Overwrites {@code logits} with the gradient of {@code scale}
   * times the sum of losses; if {@code scale} is 0, the values of {@code logits} are undefined
   * afterwards.
   *
   * @param labels the label of row {@code r} is {@code labels[from + r]}
   * @param nats receives {@code -ln p(label)} at {@code at + r}
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
   * Replaces the first of several gradients with the sum of all of them, and computes the sum's
   * squared norm.
   *
   * @param squares receives the squared norm at {@code index}; it is not finite if any value is not
   *     finite
   */
  void reduce(List<Floats> gradients, long length, Floats squares, int index);

  /**
   * A range of weights that a lane updates at once; weight decay applies either to all of them or
   * to none.
   *
   * @param gradients the gradients of each lane; their sum replaces the first
   * @param mean AdamW's first moments
   * @param square AdamW's second moments
   */
  record Piece(boolean decays, Floats weights, List<Floats> gradients, Floats mean, Floats square) {
    public Piece {
      gradients = List.copyOf(gradients);
    }
  }

  /**
   * Applies AdamW to a range of weights, with the gradient clipped by the global norm; does nothing
   * if the norm is not finite.
   *
   * @param squares the sum of squares for each part of the gradient
   */
  void adamW(Piece piece, Floats squares, double clipNorm, AdamWStep step);
}
