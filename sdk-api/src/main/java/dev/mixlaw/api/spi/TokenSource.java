package dev.mixlaw.api.spi;

import java.util.Map;

/**
 * Training sequences of a mixture: a pure function of (seed, position), so that training can go on
 * from any position. Safe for use by several threads.
 *
 * <p>The next sequence comes from a corpus that is behind its share, the most urgent one, so that
 * every prefix is within one sequence a corpus of its share; within a corpus, sequences are
 * shuffled anew each epoch.
 */
public interface TokenSource {
  /** Tokens a sequence predicts; it holds one more. */
  int context();

  /**
   * Copies the sequence at a position.
   *
   * @param position from 0
   * @param into receives {@code context() + 1} ids
   * @param offset of the first one
   */
  void read(long position, int[] into, int offset);

  /** Sequences of each corpus among the first {@code positions}. */
  Map<String, Long> counts(long positions);

  /** Sequences each corpus has: beyond them it repeats. */
  Map<String, Long> available();
}
