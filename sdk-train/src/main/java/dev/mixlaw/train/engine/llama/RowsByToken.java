package dev.mixlaw.train.engine.llama;

import java.util.Arrays;

/** Sorts rows by their token, so that a device can add up each token's gradient in one pass. */
final class RowsByToken {
  private final int[] next;
  private final int[] order;

  RowsByToken(int vocabulary, int rows) {
    next = new int[vocabulary];
    order = new int[rows];
  }

  /**
   * Sorts the rows of a range of sequences. The last token of each sequence is not a row. Rows with
   * the same token keep their order.
   *
   * @param ids the token ids, in row-major order, of shape {@code [.., length + 1]}
   * @return the indices of the rows, in an array that the next call overwrites
   */
  int[] sort(int[] ids, int from, int sequences, int length) {
    Arrays.fill(next, 0);
    for (int s = 0; s < sequences; s++) {
      int first = (from + s) * (length + 1);
      for (int t = 0; t < length; t++) {
        next[ids[first + t]]++;
      }
    }
    int before = 0;
    for (int token = 0; token < next.length; token++) {
      int count = next[token];
      next[token] = before;
      before += count;
    }
    for (int s = 0; s < sequences; s++) {
      int first = (from + s) * (length + 1);
      for (int t = 0; t < length; t++) {
        order[next[ids[first + t]]++] = s * length + t;
      }
    }
    return order;
  }
}
