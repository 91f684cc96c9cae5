package dev.mixlaw.api.internal.spi;

import java.util.Map;

/**
 * The training sequences of a mixture, as a pure function of seed and position. Training can resume
 * at any position. Thread-safe.
 *
 * <p>In every prefix, the number of sequences from each corpus differs from the corpus's share of
 * the prefix by less than one sequence. The sequences of a corpus are reshuffled in each epoch.
 */
public interface TokenSource {
  /**
   * Returns the number of tokens that are predicted per sequence; a sequence has one token more.
   */
  int context();

  /**
   * Copies the sequence at a position.
   *
   * @param position index of the sequence, 0 or more
   * @param into receives {@code context() + 1} ids
   * @param offset index of the first id in {@code into}
   */
  void read(long position, int[] into, int offset);

  /** Returns the number of sequences from each corpus among the first {@code positions}. */
  Map<String, Long> counts(long positions);

  /** Returns the number of distinct sequences in each corpus. */
  Map<String, Long> available();
}
