package dev.mixlaw.api.internal.spi;

import java.util.Map;

/**
 * The training sequences of a mixture, a pure function of seed and position. Training can resume at
 * any position. Safe for use by several threads.
 *
 * <p>Every prefix is within one sequence of the share of each corpus. The sequences of a corpus are
 * shuffled again in each epoch.
 */
public interface TokenSource {
  /** Returns the number of tokens that a sequence predicts; it has one more. */
  int context();

  /**
   * Copies the sequence at a position.
   *
   * @param position 0 or more
   * @param into receives {@code context() + 1} ids
   * @param offset index of the first id in {@code into}
   */
  void read(long position, int[] into, int offset);

  /** Returns the sequences of each corpus among the first {@code positions}. */
  Map<String, Long> counts(long positions);

  /** Returns the number of different sequences of each corpus. */
  Map<String, Long> available();
}
