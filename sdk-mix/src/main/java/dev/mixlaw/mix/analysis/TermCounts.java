package dev.mixlaw.mix.analysis;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The counts of terms, in memory or in a file that {@link #close} deletes. Several threads may read
 * the counts.
 */
public final class TermCounts implements AutoCloseable {
  private final long[] terms;
  private final long[] counts;
  private final @Nullable CountFile file;
  private final long types;
  private final long total;

  private TermCounts(
      long[] terms, long[] counts, @Nullable CountFile file, long types, long total) {
    this.terms = terms;
    this.counts = counts;
    this.file = file;
    this.types = types;
    this.total = total;
  }

  static TermCounts held(long[] terms, long[] counts) {
    return new TermCounts(terms, counts, null, terms.length, Arrays.stream(counts).sum());
  }

  static TermCounts spilled(CountFile file, long total) {
    return new TermCounts(new long[0], new long[0], file, file.types(), total);
  }

  public long types() {
    return types;
  }

  /** Returns the total number of occurrences of all terms. */
  public long total() {
    return total;
  }

  /** Returns the entropy of the distribution of terms, in nats. */
  public double entropy() {
    double sum = 0;
    try (CountCursor cursor = cursor()) {
      while (cursor.next()) {
        sum += cursor.count() * Math.log(cursor.count());
      }
    }
    return total == 0 ? 0 : Math.max(0, Math.log(total) - sum / total);
  }

  CountCursor cursor() {
    return file == null ? CountCursor.of(terms, counts) : file.open();
  }

  @Override
  public void close() {
    if (file != null) {
      file.delete();
    }
  }
}
