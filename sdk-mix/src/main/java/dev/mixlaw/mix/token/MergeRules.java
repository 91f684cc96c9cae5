package dev.mixlaw.mix.token;

import dev.mixlaw.api.internal.Hashing;
import java.util.Arrays;
import org.apache.lucene.util.LongHeap;

/**
 * The merge rules of a byte-pair encoding, in the order in which they were learned. The rule with
 * the lowest rank is applied first, to the leftmost pair, until no rule applies (Sennrich et al.
 * 2016). With a priority queue of pairs, the time for n bytes is O(n log n).
 */
final class MergeRules {
  private final int[] left;
  private final int[] right;
  private final int[] merged;

  /** Keys of an open-addressing hash table: {@code left << 32 | right}, or -1 for a free slot. */
  private final long[] keys;

  private final int[] ranks;
  private final int mask;

  /**
   * Creates rules that merge {@code left[i]} and {@code right[i]} into {@code merged[i]} at rank i.
   */
  MergeRules(int[] left, int[] right, int[] merged) {
    this.left = left;
    this.right = right;
    this.merged = merged;
    int size = Integer.highestOneBit(Math.max(left.length, 8)) << 2;
    mask = size - 1;
    keys = new long[size];
    ranks = new int[size];
    Arrays.fill(keys, -1);
    for (int rank = 0; rank < left.length; rank++) {
      long key = pair(left[rank], right[rank]);
      int slot = slot(key);
      if (keys[slot] == -1) {
        keys[slot] = key;
      }
      ranks[slot] = rank; // as in Hugging Face's library, the last of two equal pairs counts
    }
  }

  int size() {
    return left.length;
  }

  int left(int rank) {
    return left[rank];
  }

  int right(int rank) {
    return right[rank];
  }

  int merged(int rank) {
    return merged[rank];
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  private int slot(long key) {
    long h = key * Hashing.GOLDEN_GAMMA;
    int slot = (int) (h >>> 32) & mask;
    while (keys[slot] != -1 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Returns the rank of a pair, or -1 if there is no rule for it. */
  private int rank(int leftId, int rightId) {
    long key = pair(leftId, rightId);
    int slot = slot(key);
    return keys[slot] == key ? ranks[slot] : -1;
  }

  /**
   * Applies the rules to the ids of the bytes of a piece, in place, and returns the number of
   * tokens.
   */
  int apply(int[] ids, int length) {
    int[] next = new int[length];
    int[] previous = new int[length];
    LongHeap queue = new LongHeap(Math.max(length, 1));
    for (int i = 0; i < length; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
      if (i + 1 < length) {
        offer(queue, ids, i, i + 1);
      }
    }
    int count = length;
    while (queue.size() > 0) {
      long best = queue.pop();
      int rank = (int) (best >>> 32);
      int at = (int) best;
      // A candidate is stale if one of its sides has been merged since.
      if (ids[at] != left[rank] || next[at] == length || ids[next[at]] != right[rank]) {
        continue;
      }
      int gone = next[at];
      ids[at] = merged[rank];
      ids[gone] = -1;
      next[at] = next[gone];
      if (next[at] < length) {
        previous[next[at]] = at;
        offer(queue, ids, at, next[at]);
      }
      if (previous[at] >= 0) {
        offer(queue, ids, previous[at], at);
      }
      count--;
    }
    for (int from = 0, to = 0; from < length; from = next[from]) {
      ids[to++] = ids[from];
    }
    return count;
  }

  private void offer(LongHeap queue, int[] ids, int at, int following) {
    int rank = rank(ids[at], ids[following]);
    if (rank >= 0) {
      queue.push((long) rank << 32 | at);
    }
  }
}
