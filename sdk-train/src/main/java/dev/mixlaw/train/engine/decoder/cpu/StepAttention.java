package dev.mixlaw.train.engine.decoder.cpu;

import dev.mixlaw.train.engine.decoder.Kernels.Heads;
import dev.mixlaw.train.engine.loops.Loops;
import dev.mixlaw.train.engine.loops.Rotations;
import java.util.Arrays;

/** Attention of one new token in each sequence over keys and values stored before. */
final class StepAttention {
  private final float[] keys;
  private float[] row = new float[0];
  private float[] out = new float[0];
  private float[] scores = new float[0];
  private Rotations rotations = new Rotations(0, 2, 1);

  StepAttention() {
    keys = new float[BLOCK];
  }

  /** Values of keys that are read at a time. */
  private static final int BLOCK = 8 * 1024;

  void step(
      OffHeap qkv,
      OffHeap keyStore,
      OffHeap valueStore,
      int[] positions,
      OffHeap to,
      Heads heads,
      int rows,
      int capacity) {
    int width = heads.rowWidth();
    int size = heads.size();
    int outWidth = heads.query() * size;
    reserve(width, outWidth, capacity, heads);
    float scale = (float) (1 / Math.sqrt(size));
    for (int r = 0; r < rows; r++) {
      int position = positions[r];
      qkv.buffer().get(r * width, row, 0, width);
      for (int at = 0; at < (heads.query() + heads.keyValue()) * size; at += size) {
        rotations.rotate(row, at, position, 1);
      }
      Loops.scale(row, 0, scale, outWidth);
      Arrays.fill(out, 0, outWidth, 0);
      for (int shared = 0; shared < heads.keyValue(); shared++) {
        int store = (r * heads.keyValue() + shared) * capacity * size;
        int key = outWidth + shared * size;
        keyStore.buffer().put(store + position * size, row, key, size);
        valueStore.buffer().put(store + position * size, row, key + heads.keyValue() * size, size);
        attend(keyStore, valueStore, store, position + 1, heads, shared);
      }
      to.buffer().put(r * outWidth, out, 0, outWidth);
    }
  }

  /** All query heads that share keys and values, over the first {@code seen} of these. */
  private void attend(
      OffHeap keyStore, OffHeap valueStore, int store, int seen, Heads heads, int shared) {
    int size = heads.size();
    int block = Math.max(1, BLOCK / size);
    int first = shared * heads.group();
    for (int from = 0; from < seen; from += block) {
      int n = Math.min(block, seen - from);
      keyStore.buffer().get(store + from * size, keys, 0, n * size);
      for (int g = 0; g < heads.group(); g++) {
        for (int i = 0; i < n; i++) {
          scores[g * seen + from + i] = Loops.dot(row, (first + g) * size, keys, i * size, size);
        }
      }
    }
    for (int g = 0; g < heads.group(); g++) {
      int at = g * seen;
      Loops.add(scores, at, -Loops.max(scores, at, seen), seen);
      Loops.exp(scores, at, seen);
      Loops.scale(scores, at, 1 / Loops.sum(scores, at, seen), seen);
    }
    for (int from = 0; from < seen; from += block) {
      int n = Math.min(block, seen - from);
      valueStore.buffer().get(store + from * size, keys, 0, n * size);
      for (int g = 0; g < heads.group(); g++) {
        for (int i = 0; i < n; i++) {
          Loops.addScaled(
              out, (first + g) * size, keys, i * size, scores[g * seen + from + i], size);
        }
      }
    }
  }

  private void reserve(int width, int outWidth, int capacity, Heads heads) {
    if (row.length < width) {
      row = new float[width];
      out = new float[outWidth];
    }
    if (scores.length < capacity * heads.group()) {
      scores = new float[capacity * heads.group()];
    }
    if (!rotations.fit(capacity, heads.size(), heads.ropeTheta())) {
      rotations = new Rotations(capacity, heads.size(), heads.ropeTheta());
    }
  }
}
