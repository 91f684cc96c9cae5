package dev.mixlaw.mix.analysis;

/** Terms in ascending order with their counts, read once. Stands before the first. */
abstract class CountCursor implements AutoCloseable {
  private long term;
  private long count;

  /** Goes to the next term; false at the end. */
  abstract boolean next();

  /** Stands at a term: for {@link #next}. */
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

  /** Over arrays of the same length, terms ascending. */
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
