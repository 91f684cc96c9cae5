package dev.mixlaw.mix.analysis;

import dev.mixlaw.mix.internal.CountTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts terms (hashes of words or n-grams) exactly and in bounded memory. A full table is written
 * to a sorted file, and the files are merged. The order of the terms has no effect. Not
 * thread-safe.
 */
public final class TermCounter implements AutoCloseable {
  private static final int MOST_FILES = 64;
  private static final long BASE = 0x9e3779b97f4a7c15L;

  private final CountSettings settings;
  private final CountTable table = new CountTable();
  private final List<CountFile> spilled = new ArrayList<>();
  private long total;

  /** Creates a counter with memory limits. */
  public TermCounter(CountSettings settings) {
    this.settings = settings;
  }

  /** Counts one occurrence of a term. */
  public void add(long term) {
    table.add(term, 1);
    total++;
    if (table.size() >= settings.typesInMemory()) {
      spill();
    }
  }

  /** Counts one occurrence of every term. */
  public void addAll(long[] terms) {
    for (long term : terms) {
      add(term);
    }
  }

  /** Returns the hashes of all runs of n words; none if there are fewer than n words. */
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
      CountFile merged = CountFile.write(settings.directory(), merged());
      spilled.forEach(CountFile::delete);
      spilled.clear();
      spilled.add(merged);
    }
    long[] terms = table.sortedTerms();
    CountCursor held = CountCursor.of(terms, counts(terms));
    spilled.add(CountFile.write(settings.directory(), held));
    table.clear();
  }

  private long[] counts(long[] terms) {
    return Arrays.stream(terms).map(table::get).toArray();
  }

  private CountCursor merged() {
    return new MergingCursor(spilled.stream().map(CountFile::open).toList());
  }

  /** Returns the counts; the counter is empty afterwards. */
  public TermCounts finish() {
    TermCounts counts;
    if (spilled.isEmpty()) {
      long[] terms = table.sortedTerms();
      counts = TermCounts.held(terms, counts(terms));
    } else {
      if (table.size() > 0) {
        spill();
      }
      counts = TermCounts.spilled(CountFile.write(settings.directory(), merged()), total);
    }
    close();
    return counts;
  }

  /** Removes all counts and deletes the files. */
  @Override
  public void close() {
    table.clear();
    spilled.forEach(CountFile::delete);
    spilled.clear();
    total = 0;
  }
}
