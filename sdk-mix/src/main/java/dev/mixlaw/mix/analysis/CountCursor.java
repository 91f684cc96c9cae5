package dev.mixlaw.mix.analysis;

/**
 * A cursor over terms in ascending order, with their counts. A new cursor is positioned before the
 * first term.
 */
abstract class CountCursor implements AutoCloseable {
  private long term;
  private long count;

  /** Moves to the next term, or returns false at the end. */
  abstract boolean next();

  /** Sets the current term and count, for implementations of {@link #next}. Returns true. */
  final boolean at(long newTerm, long newCount) {
    term = newTerm;
    count = newCount;
    return true;
  }

  final long term() {
    return term;
  }

  final long count() {
    return count;
  }

  @Override
  public abstract void close();

  /** Returns a cursor over two arrays of equal length. The terms must be ascending. */
  static CountCursor of(long[] terms, long[] counts) {
    return new CountCursor() {
      private int next;

      @Override
      public boolean next() {
        return next < terms.length && at(terms[next], counts[next++]);
      }

      @Override
      public void close() {}
    };
  }
}
