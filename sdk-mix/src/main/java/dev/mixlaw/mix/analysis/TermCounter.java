package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.mix.internal.CountTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts terms (hashes of words or n-grams) exactly and in bounded memory. When the table in memory
 * is full, it is written to a sorted file. All files are merged at the end. This class is not
 * thread-safe.
 */
public final class TermCounter implements AutoCloseable {
  private static final int MOST_FILES = 64;
  private static final long BASE = Hashing.GOLDEN_GAMMA;

  private final int maxTerms;
  private final Path directory;
  private final CountTable table = new CountTable();
  private final List<CountFile> spilled = new ArrayList<>();
  private long total;

  /** Creates a counter with up to two million terms in memory, which need less than 100 MB. */
  public TermCounter() {
    this(2_000_000);
  }

  /**
   * Creates a counter that writes files to {@code java.io.tmpdir} when its memory is full.
   *
   * @param maxTerms maximum number of different terms in memory, at least 1; a term needs at most
   *     48 bytes in memory and 16 bytes in a file
   */
  public TermCounter(int maxTerms) {
    this(maxTerms, Path.of(System.getProperty("java.io.tmpdir")));
  }

  TermCounter(int maxTerms, Path directory) {
    this.maxTerms = maxTerms;
    this.directory = directory;
  }

  public void add(long term) {
    table.add(term, 1);
    total++;
    if (table.size() >= maxTerms) {
      spill();
    }
  }

  public void addAll(long[] terms) {
    for (long term : terms) {
      add(term);
    }
  }

  /** Returns the hashes of all sequences of n consecutive words. */
  public static long[] ngrams(long[] words, int n) {
    if (n == 1) {
      return words;
    }
    long[] ngrams = new long[Math.max(0, words.length - n + 1)];
    for (int i = 0; i < ngrams.length; i++) {
      long hash = words[i];
      for (int j = 1; j < n; j++) {
        hash = (hash ^ (hash >>> 29)) * BASE + words[i + j];
      }
      ngrams[i] = hash;
    }
    return ngrams;
  }

  private void spill() {
    if (spilled.size() == MOST_FILES) {
      CountFile merged = CountFile.write(directory, merged());
      spilled.forEach(CountFile::delete);
      spilled.clear();
      spilled.add(merged);
    }
    long[] terms = table.sortedTerms();
    CountCursor held = CountCursor.of(terms, counts(terms));
    spilled.add(CountFile.write(directory, held));
    table.clear();
  }

  private long[] counts(long[] terms) {
    return Arrays.stream(terms).map(table::get).toArray();
  }

  private CountCursor merged() {
    return new MergingCursor(
        spilled.stream().map(CountFile::open).toList(), new double[spilled.size()]);
  }

  /** Returns the counts and empties the counter. */
  public TermCounts finish() {
    TermCounts counts;
    if (spilled.isEmpty()) {
      long[] terms = table.sortedTerms();
      counts = TermCounts.held(terms, counts(terms));
    } else {
      if (table.size() > 0) {
        spill();
      }
      counts = TermCounts.spilled(CountFile.write(directory, merged()), total);
    }
    close();
    return counts;
  }

  @Override
  public void close() {
    table.clear();
    spilled.forEach(CountFile::delete);
    spilled.clear();
    total = 0;
  }
}
