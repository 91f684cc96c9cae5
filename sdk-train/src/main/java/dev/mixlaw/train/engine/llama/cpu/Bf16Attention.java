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
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention with matrix products in bf16 that are summed in single precision. A tile
 * consists of consecutive queries and all keys up to the position of the last of these queries, as
 * in {@link TiledAttention}. One product computes the tiles of several heads and sequences, as many
 * as keep the scores in the second-level cache. The backward pass recomputes the softmax.
 */
final class Bf16Attention implements AutoCloseable {
  private static final int TILE = 64;

  /** Number of scores in memory at the same time, unless a tile of one head has more. */
  private static final int SCORES = 64 * 1024;

  private final float[] hidden = new float[TILE];
  private final OneDnnStream oneDnn = new OneDnnStream();
  private final ShapeCache<OneDnnPrimitive> roundings = new ShapeCache<>();
  private final ShapeCache<List<Tile>> plans = new ShapeCache<>();
  private OffHeapFloats qkv = OffHeapFloats.allocate(0);
  private OffHeapFloats dOut = OffHeapFloats.allocate(0);
  private OffHeapFloats scores = OffHeapFloats.allocate(0);
  private OffHeapFloats weights = OffHeapFloats.allocate(0);
  private OffHeapFloats gradients = OffHeapFloats.allocate(0);

  Bf16Attention() {
    Arrays.fill(hidden, Softmax.HIDDEN);
  }

  /** Returns the memory for a model's heads and context. */
  static long bytes(AttentionHeads heads, int length) {
    long row = (heads.rowWidth() + (long) heads.query() * heads.size()) * Short.BYTES;
    int together = together(heads, length, Integer.MAX_VALUE);
    long score = Float.BYTES + 2L * Short.BYTES;
    return (long) together * length * row + Math.max(SCORES, (long) TILE * length) * score;
  }

  /** Returns the number of sequences whose scores are in memory at the same time. */
  private static int together(AttentionHeads heads, int length, int sequences) {
    long most = (long) SCORES / ((long) heads.keyValue() * TILE * length);
    return (int) Math.max(1, Math.min(most, sequences));
  }

  /** Returns whether sequences of this length consist of whole tiles. */
  static boolean supports(int length) {
    return length % TILE == 0;
  }

  void forward(OffHeapFloats x, OffHeapFloats out, AttentionShape shape) {
    run(shape, x, null, out);
  }

  void backward(OffHeapFloats d, OffHeapFloats x, OffHeapFloats dx, AttentionShape shape) {
    run(shape, x, d, dx);
  }

  /**
   * Computes the output or, with {@code d}, the gradient of the loss with respect to {@code x}.
   *
   * @param x the queries, keys and values
   * @param d the gradient of the loss with respect to the output; null to compute the output
   * @param to receives the result
   */
  private void run(
      AttentionShape shape, OffHeapFloats x, @Nullable OffHeapFloats d, OffHeapFloats to) {
    AttentionHeads heads = shape.heads();
    int length = shape.length();
    int width = heads.rowWidth();
    int outWidth = heads.query() * heads.size();
    int together = together(heads, length, shape.sequences());
    reserve(heads, length, together);
    int part = Math.max(1, Math.min(heads.keyValue(), SCORES / (TILE * length)));
    for (int s = 0; s < shape.sequences(); s += together) {
      int n = Math.min(together, shape.sequences() - s);
      long row = (long) s * length;
      round(x, row * width, n * length * width, qkv);
      if (d != null) {
        round(d, row * outWidth, n * length * outWidth, dOut);
      }
      for (int shared = 0; shared < heads.keyValue(); shared += part) {
        List<Tile> tiles = tiles(heads, n, Math.min(part, heads.keyValue() - shared), length);
        for (int member = 0; member < heads.group(); member++) {
          int head = shared * heads.group() + member;
          if (d == null) {
            for (Tile tile : tiles) {
              tile.computeWeights(head, shared);
              tile.forward(head, shared, to, row);
            }
          } else {
            for (int i = tiles.size() - 1; i >= 0; i--) {
              Tile tile = tiles.get(i);
              tile.computeWeights(head, shared);
              tile.backward(head, shared, to, row, member > 0 || i < tiles.size() - 1);
            }
          }
        }
      }
    }
  }

  private void reserve(AttentionHeads heads, int length, int together) {
    int rows = together * length;
    int tile = Math.max(SCORES, TILE * length);
    qkv = qkv.atLeast((long) rows * heads.rowWidth() / 2);
    dOut = dOut.atLeast((long) rows * heads.query() * heads.size() / 2);
    scores = scores.atLeast(tile);
    weights = weights.atLeast(tile / 2);
    gradients = gradients.atLeast(tile / 2);
  }

  private void round(OffHeapFloats from, long offset, int n, OffHeapFloats to) {
    OneDnnPrimitive known = roundings.get(n, 0, 0, 0);
    if (known == null) {
      known = roundings.put(n, 0, 0, 0, oneDnn.keep(() -> oneDnn.rounding(n)));
    }
    known.set(0, from.handle(offset)).set(1, to.pointer()).run();
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
    private final int sequences;
    private final int part;
    private final int length;
    private final int first;
    private final int seen;
    private final int width;
    private final int outWidth;
    private final OneDnnPrimitive product;
    private final OneDnnPrimitive softmax;
    private final OneDnnPrimitive output;
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
      this.sequences = sequences;
      this.part = part;
      this.length = length;
      this.first = first;
      seen = first + TILE;
      width = heads.rowWidth();
      outWidth = heads.query() * heads.size();
      product = product(queries(bf16), transposedKeys(), scores(f32), scaled());
      softmax = softmax();
      output = product(scores(bf16), keys(bf16), outputs(f32), new post_ops());
    }

    private memory.desc tensor(memory.data_type type, int rows, int columns, long... strides) {
      return new memory.desc(new long[] {sequences, part, rows, columns}, type, strides);
    }

    private memory.desc queries(memory.data_type type) {
      long head = (long) heads.group() * heads.size();
      return tensor(type, TILE, heads.size(), (long) length * width, head, width, 1);
    }

    /** Returns the layout of the keys, which is also the layout of the values. */
    private memory.desc keys(memory.data_type type) {
      return tensor(type, seen, heads.size(), (long) length * width, heads.size(), width, 1);
    }

    private memory.desc transposedKeys() {
      return tensor(bf16, heads.size(), seen, (long) length * width, heads.size(), 1, width);
    }

    private memory.desc outputs(memory.data_type type) {
      long head = (long) heads.group() * heads.size();
      return tensor(type, TILE, heads.size(), (long) length * outWidth, head, outWidth, 1);
    }

    private memory.desc scores(memory.data_type type) {
      long head = (long) TILE * seen;
      return tensor(type, TILE, seen, part * head, head, seen, 1);
    }

    private memory.desc transposedScores() {
      long head = (long) TILE * seen;
      return tensor(bf16, seen, TILE, part * head, head, 1, seen);
    }

    private post_ops scaled() {
      post_ops scale = new post_ops();
      scale.append_eltwise(algorithm.eltwise_linear, (float) (1 / Math.sqrt(heads.size())), 0);
      return scale;
    }

    private post_ops sum() {
      post_ops sum = new post_ops();
      sum.append_sum();
      return sum;
    }

    private OneDnnPrimitive product(memory.desc a, memory.desc b, memory.desc to, post_ops then) {
      return oneDnn.keep(() -> oneDnn.product(a, b, to, then));
    }

    private OneDnnPrimitive softmax() {
      return oneDnn.keep(
          () -> {
            memory from = oneDnn.unset(matrix(sequences * part * TILE, seen, f32));
            memory to = oneDnn.unset(matrix(sequences * part * TILE, seen, bf16));
            return OneDnnSoftmax.forward(oneDnn, from, to, 1);
          });
    }

    void computeWeights(int head, int shared) {
      long query = first * (long) width + head * (long) heads.size();
      long key = (heads.query() + shared) * (long) heads.size();
      product.set(0, qkv.half(query)).set(1, qkv.half(key)).set(2, scores.pointer()).run();
      FloatBuffer rows = scores.buffer();
      for (int at = first, end = sequences * part * TILE * seen; at < end; at += TILE * seen) {
        for (int i = 1; i < TILE; i++) {
          rows.put(at + (i - 1) * seen + i, hidden, 0, TILE - i);
        }
      }
      softmax.set(0, scores.pointer()).set(1, weights.pointer()).run();
    }

    void forward(int head, int shared, OffHeapFloats to, long row) {
      long value = (heads.query() + heads.keyValue() + shared) * (long) heads.size();
      long result = (row + first) * outWidth + head * (long) heads.size();
      output.set(0, weights.pointer()).set(1, qkv.half(value)).set(2, to.handle(result)).run();
    }

    void backward(int head, int shared, OffHeapFloats to, long row, boolean more) {
      int size = heads.size();
      if (backward == null) {
        backward = makeBackward();
      }
      long query = first * (long) width + head * (long) size;
      long key = (heads.query() + shared) * (long) size;
      long value = key + heads.keyValue() * (long) size;
      long result = first * (long) outWidth + head * (long) size;
      long base = row * width;
      Backward b = backward;
      b.dWeights
          .set(0, dOut.half(result))
          .set(1, qkv.half(value))
          .set(2, gradients.pointer())
          .run();
      b.dScores.set(0, weights.pointer()).set(1, gradients.pointer()).run();
      b.dQueries
          .set(0, gradients.pointer())
          .set(1, qkv.half(key))
          .set(2, to.handle(base + query))
          .run();
      OneDnnPrimitive dKeys = more ? b.moreOfKeys : b.dKeys;
      dKeys.set(0, gradients.pointer()).set(1, qkv.half(query)).set(2, to.handle(base + key)).run();
      OneDnnPrimitive dValues = more ? b.moreOfValues : b.dValues;
      dValues
          .set(0, weights.pointer())
          .set(1, dOut.half(result))
          .set(2, to.handle(base + value))
          .run();
    }

    private Backward makeBackward() {
      memory.desc transposed = transposedScores();
      memory.desc sums = keys(f32);
      return new Backward(
          product(outputs(bf16), transposedKeys(), scores(bf16), scaled()),
          oneDnn.keep(
              () -> {
                memory.desc rows = matrix(sequences * part * TILE, seen, bf16);
                return OneDnnSoftmax.backward(oneDnn, oneDnn.unset(rows), oneDnn.unset(rows));
              }),
          product(scores(bf16), keys(bf16), queries(f32), new post_ops()),
          product(transposed, queries(bf16), sums, new post_ops()),
          product(transposed, outputs(bf16), sums, new post_ops()),
          product(transposed, queries(bf16), sums, sum()),
          product(transposed, outputs(bf16), sums, sum()));
    }
  }

  @Override
  public void close() {
    oneDnn.close();
    for (OffHeapFloats scratch : List.of(qkv, dOut, scores, weights, gradients)) {
      scratch.close();
    }
  }
}
