package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.List;

/**
 * What a decoder is computed with. Matrices are dense and row-major; {@code rows} are tokens,
 * sequence after sequence. Results named {@code d…} are gradients of the loss.
 *
 * <p>Calls of a lane take effect in order, possibly after they return. None allocates.
 */
public interface DeviceKernels {
  /**
   * {@code to[s, t - first] = from[s, t]} for every {@code t} from {@code first} on: the ends of
   * sequences, one after the other.
   *
   * @param from {@code [sequences, length, width]}
   * @param to {@code [sequences, length - first, width]}, not in the same memory
   */
  void ends(DeviceFloats from, DeviceFloats to, int sequences, int length, int first, int width);

  void zero(DeviceFloats to, long length);

  /** {@code out[r] = table[ids[r]]}. */
  void embed(DeviceInts ids, int rows, DeviceFloats table, DeviceFloats out, int width);

  /**
   * {@code dTable[ids[r]] += dOut[r]}, the rows of a token in their order.
   *
   * @param order the rows sorted by token, those of the same in their order
   */
  void embedBackward(
      DeviceInts ids,
      DeviceInts order,
      int rows,
      DeviceFloats dOut,
      DeviceFloats dTable,
      int width);

  /**
   * {@code y = x·wᵀ}.
   *
   * @param x {@code [rows, in]}
   * @param w {@code [out, in]}
   * @param y {@code [rows, out]}
   */
  void linear(DeviceFloats x, DeviceFloats w, DeviceFloats y, int rows, int in, int out);

  /**
   * {@code y = residual + x·wᵀ}, as {@link #linear}.
   *
   * @param residual {@code [rows, out]}; may be {@code y}
   */
  void residualLinear(
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats residual,
      DeviceFloats y,
      int rows,
      int in,
      int out);

  /** {@code dx = dy·w}. */
  void linearInput(DeviceFloats dy, DeviceFloats w, DeviceFloats dx, int rows, int in, int out);

  /** {@code dw = dyᵀ·x}, or {@code dw += dyᵀ·x}. */
  void linearWeight(
      DeviceFloats dy,
      DeviceFloats x,
      DeviceFloats dw,
      int rows,
      int in,
      int out,
      boolean accumulate);

  /**
   * {@code y = x·r·w} with {@code r = 1 / √(mean(x²) + epsilon)} by row (Zhang and Sennrich 2019).
   *
   * @param r receives one value a row
   */
  void rmsNorm(
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats y,
      DeviceFloats r,
      int rows,
      int width,
      double epsilon);

  /**
   * {@code dx += } and {@code dw +=} the gradients of {@link #rmsNorm}.
   *
   * @param again whether {@code dy} becomes {@code y}, to the last bit: who has {@code x} and
   *     {@code r} in hands makes it at no cost but the writing, so that it need not be kept
   */
  void rmsNormBackward(
      DeviceFloats dy,
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats r,
      DeviceFloats dx,
      DeviceFloats dw,
      int rows,
      int width,
      boolean again);

  /**
   * Rotates queries and keys in place by their position (Su et al. 2021), first half of a head
   * against its second half as Hugging Face does.
   *
   * @param qkv {@code [rows, (heads + 2·keyValueHeads)·headSize]}: queries, keys, values
   * @param backward rotates gradients back
   */
  void rope(DeviceFloats qkv, AttentionHeads heads, int sequences, int length, boolean backward);

  /**
   * Causal attention: {@code out = softmax(q·kᵀ / √headSize)·v} by head.
   *
   * @param logSums receives the logarithm of each softmax's denominator, {@code [sequences, heads,
   *     length]}, if {@link #attentionBackward} makes the softmax again of them (Dao et al. 2022)
   * @param out {@code [rows, heads·headSize]}
   */
  void attention(
      DeviceFloats qkv,
      DeviceFloats logSums,
      DeviceFloats out,
      AttentionHeads heads,
      int sequences,
      int length);

  /**
   * {@code dQkv =} the gradient of {@link #attention}.
   *
   * @param out what it gave; so a row's sum over its keys is one over its values
   */
  void attentionBackward(
      DeviceFloats dOut,
      DeviceFloats out,
      DeviceFloats qkv,
      DeviceFloats logSums,
      DeviceFloats dQkv,
      AttentionHeads heads,
      int sequences,
      int length);

  /**
   * Makes of weights what {@link #linearRows} takes besides, where a device wants that; to be done
   * again when they have changed.
   *
   * @param w {@code [out, in]}
   * @param packed of {@link #packedLength}
   */
  default void pack(DeviceFloats w, DeviceFloats packed, int in, int out) {}

  /** Values that {@link #pack} may write. */
  static long packedLength(int in, int out) {
    return (in + 63L) / 64 * 64 * ((out + 63L) / 64 * 64);
  }

  /**
   * {@code y = x·wᵀ}, or {@code y += x·wᵀ}, for rows of different texts: the digits of a row do not
   * depend on the others, nor on how many there are.
   *
   * @param packed what {@link #pack} made of {@code w}
   * @param rows a multiple of {@link #ROW_GROUP}
   */
  default void linearRows(
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats packed,
      DeviceFloats y,
      int rows,
      int in,
      int out,
      boolean accumulate) {
    if (accumulate) {
      residualLinear(x, w, y, y, rows, in, out);
    } else {
      linear(x, w, y, rows, in, out);
    }
  }

  /** Rows of {@link #linearRows} come in groups of so many. */
  int ROW_GROUP = 8;

  /**
   * Attention of new tokens over what is stored of their texts: rotates each token's query and key
   * by its position, stores keys and values of all, and only then looks back from each on its own
   * position and those before. A text may have several rows. The digits of a row do not depend on
   * other texts.
   *
   * @param qkv {@code [rows, rowWidth]}; changed
   * @param keys {@code [slots, keyValueHeads, capacity, headSize]}
   * @param values likewise
   * @param places of the tokens: {@code slot·capacity + position}, a slot being a text's part of
   *     the store
   * @param out {@code [rows, heads·headSize]}
   */
  void attentionStep(
      DeviceFloats qkv,
      DeviceFloats keys,
      DeviceFloats values,
      DeviceInts places,
      DeviceFloats out,
      AttentionHeads heads,
      int rows,
      int capacity);

  /**
   * {@code out = gate·sigmoid(gate)·up} (Shazeer 2020).
   *
   * @param gateUp {@code [rows, 2·width]}: gate, up
   * @param out {@code [rows, width]}
   */
  void swiglu(DeviceFloats gateUp, DeviceFloats out, int rows, int width);

  /**
   * {@code dGateUp =} the gradient of {@link #swiglu}.
   *
   * @param again whether {@code dOut} becomes {@code out}, as in {@link #rmsNormBackward}
   */
  void swigluBackward(
      DeviceFloats gateUp,
      DeviceFloats dOut,
      DeviceFloats dGateUp,
      int rows,
      int width,
      boolean again);

  /**
   * Loss of each row; {@code logits} become the gradient of {@code scale} times their sum, or may
   * be anything if that is 0.
   *
   * @param labels the row's token is {@code labels[from + r]}
   * @param nats receives {@code -ln p(label)} at {@code at + r}
   */
  void crossEntropy(
      DeviceFloats logits,
      DeviceInts labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      DeviceFloats nats,
      int at);

  /**
   * The first of some gradients becomes their sum, and its sum of squares is noted.
   *
   * @param squares receives it at {@code index}; not finite if any value is not
   */
  void reduce(List<DeviceFloats> gradients, long length, DeviceFloats squares, int index);

  /**
   * One AdamW update, of a gradient clipped to a global norm; none if that norm is not finite.
   *
   * @param squares {@code parts} sums of squares of the whole gradient's parts
   */
  void adamW(
      DeviceFloats weights,
      DeviceFloats gradient,
      DeviceFloats mean,
      DeviceFloats square,
      long length,
      DeviceFloats squares,
      int parts,
      double clipNorm,
      AdamWStep step);
}
