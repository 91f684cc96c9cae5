package dev.mixlaw.api.internal.spi;

import java.util.Map;

/**
 * The training sequences of a mixture. The sequence at a position depends only on the seed and the
 * position, so training can resume at any position. Implementations are thread-safe.
 *
 * <p>Among the first n sequences, the number from each corpus differs from n times its share by
 * less than 1. The sequences of a corpus are reshuffled in each epoch.
 */
public interface TokenSource {
  /** Returns the number of predicted tokens in a sequence, which has one more token in total. */
  int context();

  /**
   * Copies the sequence at a position.
   *
   * @param position index of the sequence, 0 or more
   * @param into receives {@code context() + 1} token ids
   * @param offset index of the first id in {@code into}
   */
  void read(long position, int[] into, int offset);

  /**
   * Returns a map from each corpus to the number of its sequences among the first {@code
   * positions}.
   */
  Map<String, Long> counts(long positions);

  /** Returns a map from each corpus to the number of its distinct sequences. */
  Map<String, Long> available();
}
