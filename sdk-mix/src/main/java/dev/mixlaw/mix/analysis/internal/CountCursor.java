package dev.mixlaw.mix.analysis.internal;

/** Terms in ascending order with their counts, read once. Stands before the first. */
public interface CountCursor extends AutoCloseable {
  boolean next();

  long term();

  long count();

  @Override
  void close();

  /** Over arrays of the same length, terms ascending. */
  static CountCursor of(long[] terms, long[] counts) {
    return new CountCursor() {
      private int at = -1;

      @Override
      public boolean next() {
        return ++at < terms.length;
      }

      @Override
      public long term() {
        return terms[at];
      }

      @Override
      public long count() {
        return counts[at];
      }

      @Override
      public void close() {}
    };
  }
}
