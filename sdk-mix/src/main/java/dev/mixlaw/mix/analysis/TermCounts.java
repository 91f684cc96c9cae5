package dev.mixlaw.mix.analysis;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How often each term of a text occurs: in memory, or in a file that {@link #close} deletes. May be
 * read by several threads.
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

  /** Of a few terms, for tables made by hand. */
  public static TermCounts of(long[] occurrences) {
    try (TermCounter counter =
        new TermCounter(
            new CountSettings(Integer.MAX_VALUE, CountSettings.defaults().directory()))) {
      counter.addAll(occurrences);
      return counter.finish();
    }
  }

  /** Different terms. */
  public long types() {
    return types;
  }

  /** Occurrences of all terms. */
  public long total() {
    return total;
  }

  /** Entropy of a term drawn at random, nats: {@code -sum p ln p} with p as counted. */
  public double entropy() {
    double[] sum = new double[1];
    eachCount(n -> sum[0] += n * Math.log(n));
    return total == 0 ? 0 : Math.max(0, Math.log(total) - sum[0] / total);
  }

  void eachCount(LongConsumer use) {
    try (CountCursor cursor = cursor()) {
      while (cursor.next()) {
        use.accept(cursor.count());
      }
    }
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
