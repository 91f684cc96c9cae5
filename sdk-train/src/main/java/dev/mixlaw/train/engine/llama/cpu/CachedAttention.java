package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.vector.RotaryTable;
import dev.mixlaw.train.engine.vector.VectorMath;
import dev.mixlaw.train.engine.weights.AttentionHeads;

/** Attention of new tokens over the key-value caches of their texts. */
final class CachedAttention implements AutoCloseable {
  private OffHeapFloats scores = OffHeapFloats.allocate(0);
  private float[] weights = new float[0];
  private float[] row = new float[0];
  private RotaryTable rotations = new RotaryTable(0, 2, 1);

  void step(
      OffHeapFloats qkv,
      OffHeapFloats keys,
      OffHeapFloats values,
      int[] places,
      OffHeapFloats to,
      AttentionHeads heads,
      int rows,
      int capacity) {
    reserve(heads, capacity);
    for (int r = 0; r < rows; r++) {
      store(qkv, keys, values, heads, r, places[r], capacity);
    }
    for (int r = 0; r < rows; r++) {
      attend(qkv, keys, values, places[r], to, heads, r, capacity);
    }
  }

  private void store(
      OffHeapFloats qkv,
      OffHeapFloats keys,
      OffHeapFloats values,
      AttentionHeads heads,
      int r,
      int place,
      int capacity) {
    int size = heads.size();
    int width = heads.rowWidth();
    int queries = heads.query() * size;
    int position = place % capacity;
    qkv.buffer().get(r * width, row, 0, width);
    for (int at = 0; at < queries + heads.keyValue() * size; at += size) {
      rotations.rotate(row, at, position, 1);
    }
    qkv.buffer().put(r * width, row, 0, queries);
    for (int shared = 0; shared < heads.keyValue(); shared++) {
      int key = queries + shared * size;
      int at = (int) stored(heads, place, shared, capacity) + position * size;
      keys.buffer().put(at, row, key, size);
      values.buffer().put(at, row, key + heads.keyValue() * size, size);
    }
  }

  private void attend(
      OffHeapFloats qkv,
      OffHeapFloats keys,
      OffHeapFloats values,
      int place,
      OffHeapFloats to,
      AttentionHeads heads,
      int r,
      int capacity) {
    int size = heads.size();
    int group = heads.group();
    int seen = place % capacity + 1;
    int width = heads.query() * size;
    float scale = (float) (1 / Math.sqrt(size));
    for (int shared = 0; shared < heads.keyValue(); shared++) {
      var q = qkv.matrix(0, (long) r * heads.rowWidth() + (long) shared * group * size, size);
      var k = keys.matrix(1, stored(heads, place, shared, capacity), size).transpose();
      var s = scores.matrix(0, (long) shared * group * seen, seen);
      Fp32Products.multiply(group, seen, size, scale, q, k, s, false);
    }
    exponentiate(heads.query(), seen);
    for (int shared = 0; shared < heads.keyValue(); shared++) {
      var w = scores.matrix(0, (long) shared * group * seen, seen);
      var v = values.matrix(1, stored(heads, place, shared, capacity), size);
      var out = to.matrix(0, (long) r * width + (long) shared * group * size, size);
      Fp32Products.multiply(group, size, seen, 1, w, v, out, false);
    }
    to.buffer().get(r * width, row, 0, width);
    for (int h = 0; h < heads.query(); h++) {
      VectorMath.scale(row, h * size, 1 / VectorMath.sum(weights, h * seen, seen), size);
    }
    to.buffer().put(r * width, row, 0, width);
  }

  private static long stored(AttentionHeads heads, int place, int shared, int capacity) {
    return ((long) place / capacity * heads.keyValue() + shared) * capacity * heads.size();
  }

  /** Exponentiates the scores. The results are not divided by their sum. */
  private void exponentiate(int heads, int seen) {
    int n = heads * seen;
    scores.buffer().get(0, weights, 0, n);
    VectorMath.exp(weights, 0, VectorMath.whole(n));
    for (int at = 0; at < n; at += seen) {
      VectorMath.sumOfExponentials(weights, at, seen, scores.buffer(), at);
    }
    scores.buffer().put(0, weights, 0, n);
  }

  private void reserve(AttentionHeads heads, int capacity) {
    int most = heads.query() * capacity;
    if (weights.length < VectorMath.whole(most)) {
      scores.close();
      scores = OffHeapFloats.allocate(most);
      weights = new float[VectorMath.whole(most)];
    }
    if (row.length < heads.rowWidth()) {
      row = new float[heads.rowWidth()];
    }
    if (!rotations.fit(capacity, heads.size(), heads.ropeTheta())) {
      rotations = new RotaryTable(capacity, heads.size(), heads.ropeTheta());
    }
  }

  @Override
  public void close() {
    scores.close();
  }
}
