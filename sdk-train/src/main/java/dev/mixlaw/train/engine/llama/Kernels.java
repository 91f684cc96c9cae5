package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.vector.AdamW;
import java.util.List;

/**
 * What a decoder is computed with. Matrices are dense and row-major; {@code rows} are tokens,
 * sequence after sequence. Results named {@code d…} are gradients of the loss.
 *
 * <p>Calls of a lane take effect in order, possibly after they return. None allocates.
 */
public interface Kernels {
  /**
   * {@code to[s, t - first] = from[s, t]} for every {@code t} from {@code first} on: the ends of
   * sequences, one after the other.
   *
   * @param from {@code [sequences, length, width]}
   * @param to {@code [sequences, length - first, width]}, not in the same memory
   */
  void ends(Values from, Values to, int sequences, int length, int first, int width);

  void zero(Values to, long length);

  /** {@code out[r] = table[ids[r]]}. */
  void embed(Ids ids, int rows, Values table, Values out, int width);

  /**
   * {@code dTable[ids[r]] += dOut[r]}, the rows of a token in their order.
   *
   * @param order the rows sorted by token, those of the same in their order
   */
  void embedBackward(Ids ids, Ids order, int rows, Values dOut, Values dTable, int width);

  /**
   * {@code y = x·wᵀ}.
   *
   * @param x {@code [rows, in]}
   * @param w {@code [out, in]}
   * @param y {@code [rows, out]}
   */
  void linear(Values x, Values w, Values y, int rows, int in, int out);

  /**
   * {@code y = residual + x·wᵀ}, as {@link #linear}.
   *
   * @param residual {@code [rows, out]}; may be {@code y}
   */
  void residualLinear(Values x, Values w, Values residual, Values y, int rows, int in, int out);

  /** {@code dx = dy·w}. */
  void linearInput(Values dy, Values w, Values dx, int rows, int in, int out);

  /** {@code dw = dyᵀ·x}, or {@code dw += dyᵀ·x}. */
  void linearWeight(Values dy, Values x, Values dw, int rows, int in, int out, boolean accumulate);

  /**
   * {@code y = x·r·w} with {@code r = 1 / √(mean(x²) + epsilon)} by row (Zhang and Sennrich 2019).
   *
   * @param r receives one value a row
   */
  void rmsNorm(Values x, Values w, Values y, Values r, int rows, int width, double epsilon);

  /**
   * {@code dx += } and {@code dw +=} the gradients of {@link #rmsNorm}.
   *
   * @param again whether {@code dy} becomes {@code y}, to the last bit: who has {@code x} and
   *     {@code r} in hands makes it at no cost but the writing, so that it need not be kept
   */
  void rmsNormBackward(
      Values dy,
      Values x,
      Values w,
      Values r,
      Values dx,
      Values dw,
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
  void rope(Values qkv, Heads heads, int sequences, int length, boolean backward);

  /**
   * Causal attention: {@code out = softmax(q·kᵀ / √headSize)·v} by head.
   *
   * @param logSums receives the logarithm of each softmax's denominator, {@code [sequences, heads,
   *     length]}, if {@link #attentionBackward} makes the softmax again of them (Dao et al. 2022)
   * @param out {@code [rows, heads·headSize]}
   */
  void attention(Values qkv, Values logSums, Values out, Heads heads, int sequences, int length);

  /**
   * {@code dQkv =} the gradient of {@link #attention}.
   *
   * @param out what it gave; so a row's sum over its keys is one over its values
   */
  void attentionBackward(
      Values dOut,
      Values out,
      Values qkv,
      Values logSums,
      Values dQkv,
      Heads heads,
      int sequences,
      int length);

  /**
   * Makes of weights what {@link #linearRows} takes besides, where a device wants that; to be done
   * again when they have changed.
   *
   * @param w {@code [out, in]}
   * @param packed of {@link #packedLength}
   */
  default void pack(Values w, Values packed, int in, int out) {}

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
      Values x, Values w, Values packed, Values y, int rows, int in, int out, boolean accumulate) {
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
      Values qkv,
      Values keys,
      Values values,
      Ids places,
      Values out,
      Heads heads,
      int rows,
      int capacity);

  /**
   * {@code out = gate·sigmoid(gate)·up} (Shazeer 2020).
   *
   * @param gateUp {@code [rows, 2·width]}: gate, up
   * @param out {@code [rows, width]}
   */
  void swiglu(Values gateUp, Values out, int rows, int width);

  /**
   * {@code dGateUp =} the gradient of {@link #swiglu}.
   *
   * @param again whether {@code dOut} becomes {@code out}, as in {@link #rmsNormBackward}
   */
  void swigluBackward(
      Values gateUp, Values dOut, Values dGateUp, int rows, int width, boolean again);

  /**
   * Loss of each row; {@code logits} become the gradient of {@code scale} times their sum, or may
   * be anything if that is 0.
   *
   * @param labels the row's token is {@code labels[from + r]}
   * @param nats receives {@code -ln p(label)} at {@code at + r}
   */
  void crossEntropy(
      Values logits,
      Ids labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      Values nats,
      int at);

  /**
   * The first of some gradients becomes their sum, and its sum of squares is noted.
   *
   * @param squares receives it at {@code index}; not finite if any value is not
   */
  void reduce(List<Values> gradients, long length, Values squares, int index);

  /**
   * One AdamW update, of a gradient clipped to a global norm; none if that norm is not finite.
   *
   * @param squares {@code parts} sums of squares of the whole gradient's parts
   */
  void adamW(
      Values weights,
      Values gradient,
      Values mean,
      Values square,
      long length,
      Values squares,
      int parts,
      double clipNorm,
      AdamW step);

  /**
   * How a width is divided.
   *
   * @param query heads
   * @param keyValue heads, each for {@code query / keyValue} query heads
   * @param ropeTheta base of the rotary frequencies
   */
  record Heads(int query, int keyValue, int size, double ropeTheta) {
    public static Heads of(ModelSpec model) {
      return new Heads(model.heads(), model.keyValueHeads(), model.headSize(), model.ropeTheta());
    }

    /** Of a row of queries, keys and values. */
    public int rowWidth() {
      return (query + 2 * keyValue) * size;
    }

    public int group() {
      return query / keyValue;
    }
  }
}
