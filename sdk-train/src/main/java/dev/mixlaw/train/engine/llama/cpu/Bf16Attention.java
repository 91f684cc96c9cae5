package dev.mixlaw.train.engine.llama.cpu;

import static dev.mixlaw.train.engine.llama.cpu.OneDnnStream.matrix;
import static org.bytedeco.dnnl.memory.data_type.bf16;
import static org.bytedeco.dnnl.memory.data_type.f32;

import dev.mixlaw.train.engine.llama.AttentionShape;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention with matrix products in bf16 that are summed in single precision. A tile
 * consists of consecutive queries and all keys up to the position of the last of these queries, as
 * in {@link TiledAttention}. One product computes the tiles of several heads and sequences, as many
 * as keep the scores in the second-level cache. The backward pass recomputes the softmax, unless
 * the forward pass had space to keep its weights.
 */
final class Bf16Attention implements AutoCloseable {
  private static final int TILE = 64;

  /** Number of scores in memory at the same time, unless a tile of one head has more. */
  private static final int SCORES = 64 * 1024;

  private final float[] hidden = new float[TILE];
  private final OneDnnStream oneDnn = new OneDnnStream();
  private final Rounding rounding;
  private final ShapeCache<List<Tile>> plans = new ShapeCache<>();
  private OffHeapFloats scores = OffHeapFloats.allocate(0);
  private OffHeapFloats scratch = OffHeapFloats.allocate(0);

  Bf16Attention(Rounding rounding) {
    this.rounding = rounding;
    Arrays.fill(hidden, Softmax.HIDDEN);
  }

  /** Returns the memory for a context. */
  static long bytes(int length) {
    return Math.max(SCORES, (long) TILE * length) * (Float.BYTES + Short.BYTES);
  }

  /** Returns the number of sequences whose scores are in memory at the same time. */
  private static int together(AttentionHeads heads, int length, int sequences) {
    long most = (long) SCORES / ((long) heads.keyValue() * TILE * length);
    return (int) Math.max(1, Math.min(most, sequences));
  }

  /** Returns whether bf16 is fast here and sequences of this length consist of whole tiles. */
  static boolean supports(int length) {
    return OneDnn.hasFastBf16() && length % TILE == 0;
  }

  /** Returns the mean memory of a query's weights in floats. */
  static int weightsLength(int length) {
    return (length + TILE) / 4;
  }

  /** Returns the number of weights in the tiles of the first queries of one head. */
  private static long weightsUpTo(int queries) {
    return queries * (queries + (long) TILE) / 2;
  }

  void forward(OffHeapFloats x, OffHeapFloats softmax, OffHeapFloats out, AttentionShape shape) {
    run(shape, x, softmax, null, out);
  }

  void backward(
      OffHeapFloats d,
      OffHeapFloats x,
      OffHeapFloats softmax,
      OffHeapFloats dx,
      AttentionShape shape) {
    run(shape, x, softmax, d, dx);
  }

  /**
   * Computes the output or, with {@code d}, the gradient of the loss with respect to {@code x}.
   *
   * @param x the queries, keys and values
   * @param softmax the weights, unless it has too little space for them
   * @param d the gradient of the loss with respect to the output; null to compute the output
   * @param to receives the result
   */
  private void run(
      AttentionShape shape,
      OffHeapFloats x,
      OffHeapFloats softmax,
      @Nullable OffHeapFloats d,
      OffHeapFloats to) {
    AttentionHeads heads = shape.heads();
    int length = shape.length();
    rounding.rounded(x, (long) shape.rows() * heads.rowWidth());
    if (d != null) {
      rounding.rounded(d, (long) shape.rows() * heads.query() * heads.size());
    }
    boolean keeps = softmax.length() >= (long) shape.rows() * heads.query() * weightsLength(length);
    long at = 0;
    int together = together(heads, length, shape.sequences());
    reserve(length);
    int part = Math.max(1, Math.min(heads.keyValue(), SCORES / (TILE * length)));
    for (int s = 0; s < shape.sequences(); s += together) {
      int n = Math.min(together, shape.sequences() - s);
      long row = (long) s * length;
      for (int shared = 0; shared < heads.keyValue(); shared += part) {
        List<Tile> tiles = tiles(heads, n, Math.min(part, heads.keyValue() - shared), length);
        for (int member = 0; member < heads.group(); member++) {
          int head = shared * heads.group() + member;
          for (int i = tiles.size() - 1; i >= 0; i--) {
            Tile tile = tiles.get(i);
            Pointer weights = keeps ? softmax.half(at + tile.offset) : scratch.half(0);
            if (d == null || !keeps) {
              tile.computeWeights(x, weights, head, shared, row);
            }
            if (d == null) {
              tile.forward(x, weights, head, shared, to, row);
            } else {
              boolean more = member > 0 || i < tiles.size() - 1;
              tile.backward(x, weights, d, head, shared, to, row, more);
            }
          }
          at += tiles.get(0).batch * tiles.get(0).part * weightsUpTo(length);
        }
      }
    }
  }

  private void reserve(int length) {
    int tile = Math.max(SCORES, TILE * length);
    scores = scores.atLeast(tile);
    scratch = scratch.atLeast(tile / 2);
  }

  private List<Tile> tiles(AttentionHeads heads, int sequences, int part, int length) {
    List<Tile> known = plans.get(sequences, part, length, heads.query());
    if (known != null) {
      return known;
    }
    List<Tile> tiles = new ArrayList<>();
    for (int first = 0; first < length; first += TILE) {
      tiles.add(new Tile(heads, sequences, part, length, first));
    }
    return plans.put(sequences, part, length, heads.query(), tiles);
  }

  /** The products of a tile of several sequences, and of several heads with different keys. */
  private final class Tile {
    private final AttentionHeads heads;
    private final long batch;
    private final int part;
    private final int first;
    private final int seen;

    /** Number of weights of all tiles before this one. */
    private final long offset;

    private final OneDnnPrimitive product;
    private final OneDnnPrimitive softmax;
    private final OneDnnPrimitive output;
    private final Supplier<Backward> makeBackward;
    private @Nullable Backward backward;

    private record Backward(
        OneDnnPrimitive dWeights,
        OneDnnPrimitive dScores,
        OneDnnPrimitive dQueries,
        OneDnnPrimitive dKeys,
        OneDnnPrimitive dValues,
        OneDnnPrimitive moreOfKeys,
        OneDnnPrimitive moreOfValues) {}

    Tile(AttentionHeads heads, int sequences, int part, int length, int first) {
      this.heads = heads;
      this.part = part;
      this.first = first;
      batch = sequences;
      seen = first + TILE;
      offset = batch * part * weightsUpTo(first);
      int size = heads.size();
      long own = (long) heads.group() * size;
      long in = heads.rowWidth();
      long out = (long) heads.query() * size;
      long score = (long) TILE * seen;
      // The strides are those of sequences, heads, rows and columns.
      memory.desc queries = tensor(bf16, TILE, size, length * in, own, in, 1);
      memory.desc dQueries = tensor(f32, TILE, size, length * in, own, in, 1);
      memory.desc keys = tensor(bf16, seen, size, length * in, size, in, 1);
      memory.desc dKeys = tensor(f32, seen, size, length * in, size, in, 1);
      memory.desc transposedKeys = tensor(bf16, size, seen, length * in, size, 1, in);
      memory.desc outputs = tensor(f32, TILE, size, length * out, own, out, 1);
      memory.desc dOutputs = tensor(bf16, TILE, size, length * out, own, out, 1);
      memory.desc sums = tensor(f32, TILE, seen, part * score, score, seen, 1);
      memory.desc rounded = tensor(bf16, TILE, seen, part * score, score, seen, 1);
      memory.desc transposed = tensor(bf16, seen, TILE, part * score, score, 1, seen);
      post_ops none = new post_ops();
      post_ops add = new post_ops();
      add.append_sum();
      post_ops scale = new post_ops();
      scale.append_eltwise(algorithm.eltwise_linear, (float) (1 / Math.sqrt(size)), 0);
      int rows = sequences * part * TILE;
      product = product(queries, transposedKeys, sums, scale);
      softmax =
          oneDnn.keep(() -> OneDnnSoftmax.forward(oneDnn, unset(rows, f32), unset(rows, bf16), 1));
      output = product(rounded, keys, outputs, none);
      makeBackward =
          () ->
              new Backward(
                  product(dOutputs, transposedKeys, rounded, scale),
                  oneDnn.keep(
                      () -> OneDnnSoftmax.backward(oneDnn, unset(rows, bf16), unset(rows, bf16))),
                  product(rounded, keys, dQueries, none),
                  product(transposed, queries, dKeys, none),
                  product(transposed, dOutputs, dKeys, none),
                  product(transposed, queries, dKeys, add),
                  product(transposed, dOutputs, dKeys, add));
    }

    private memory.desc tensor(memory.data_type type, int rows, int columns, long... strides) {
      return new memory.desc(new long[] {batch, part, rows, columns}, type, strides);
    }

    private memory unset(int rows, memory.data_type type) {
      return oneDnn.unset(matrix(rows, seen, type));
    }

    private OneDnnPrimitive product(memory.desc a, memory.desc b, memory.desc to, post_ops then) {
      return oneDnn.keep(() -> oneDnn.product(a, b, to, then));
    }

    /** Returns the index of a head in a row of queries, keys and values. */
    private long in(long row, int head) {
      return row * heads.rowWidth() + head * (long) heads.size();
    }

    private long out(long row, int head) {
      return (row * heads.query() + head) * heads.size();
    }

    void computeWeights(OffHeapFloats x, Pointer weights, int head, int shared, long row) {
      product.set(0, x.rounded(in(row + first, head)));
      product.set(1, x.rounded(in(row, heads.query() + shared))).set(2, scores.pointer()).run();
      FloatBuffer rows = scores.buffer();
      for (int at = first, end = (int) batch * part * TILE * seen; at < end; at += TILE * seen) {
        for (int i = 1; i < TILE; i++) {
          rows.put(at + (i - 1) * seen + i, hidden, 0, TILE - i);
        }
      }
      softmax.set(0, scores.pointer()).set(1, weights).run();
    }

    void forward(
        OffHeapFloats x, Pointer weights, int head, int shared, OffHeapFloats to, long row) {
      int value = heads.query() + heads.keyValue() + shared;
      output.set(0, weights).set(1, x.rounded(in(row, value)));
      output.set(2, to.handle(out(row + first, head))).run();
    }

    /** Computes gradients. The gradients of the weights overwrite the scores. */
    void backward(
        OffHeapFloats x,
        Pointer weights,
        OffHeapFloats d,
        int head,
        int shared,
        OffHeapFloats to,
        long row,
        boolean more) {
      if (backward == null) {
        backward = makeBackward.get();
      }
      int key = heads.query() + shared;
      int value = key + heads.keyValue();
      backward.dWeights.set(0, d.rounded(out(row + first, head))).set(1, x.rounded(in(row, value)));
      backward.dWeights.set(2, scores.pointer()).run();
      backward.dScores.set(0, weights).set(1, scores.pointer()).run();
      backward.dQueries.set(0, scores.pointer()).set(1, x.rounded(in(row, key)));
      backward.dQueries.set(2, to.handle(in(row + first, head))).run();
      OneDnnPrimitive dKeys = more ? backward.moreOfKeys : backward.dKeys;
      dKeys.set(0, scores.pointer()).set(1, x.rounded(in(row + first, head)));
      dKeys.set(2, to.handle(in(row, key))).run();
      OneDnnPrimitive dValues = more ? backward.moreOfValues : backward.dValues;
      dValues.set(0, weights).set(1, d.rounded(out(row + first, head)));
      dValues.set(2, to.handle(in(row, value))).run();
    }
  }

  @Override
  public void close() {
    oneDnn.close();
    scores.close();
    scratch.close();
  }
}
