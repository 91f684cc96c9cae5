package dev.mixlaw.train.engine.llama;

import java.util.Arrays;

/**
 * Rows sorted by their token, so that whoever adds up what belongs to a token finds it in one run.
 * Sorted here, by counting: this machine knows the ids before a device does, and has time while
 * that is at work on what it was given before.
 */
final class RowsByToken {
  private final int[] next;
  private final int[] order;

  /**
   * @param rows most at a time
   */
  RowsByToken(int vocabulary, int rows) {
    next = new int[vocabulary];
    order = new int[rows];
  }

  /**
   * Sorts the rows of some sequences, all tokens but each one's last; rows of the same token stay
   * in their order.
   *
   * @param ids row-major {@code [.., length + 1]}
   * @param from first sequence
   * @return the rows; they are others after the next call
   */
  int[] of(int[] ids, int from, int sequences, int length) {
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
