package dev.mixlaw.mix.analysis.internal;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Several readings as one: a term of several has the sum of its counts. Closes them all. */
public final class MergedCounts implements CountCursor {
  private final List<? extends CountCursor> all;
  private final PriorityQueue<CountCursor> waiting =
      new PriorityQueue<>(Comparator.comparingLong(CountCursor::term));
  private long term;
  private long count;

  public MergedCounts(List<? extends CountCursor> all) {
    this.all = List.copyOf(all);
    this.all.forEach(this::advance);
  }

  private void advance(CountCursor cursor) {
    if (cursor.next()) {
      waiting.add(cursor);
    }
  }

  @Override
  public boolean next() {
    if (waiting.isEmpty()) {
      return false;
    }
    term = waiting.element().term();
    count = 0;
    while (!waiting.isEmpty() && waiting.element().term() == term) {
      CountCursor least = waiting.remove();
      count += least.count();
      advance(least);
    }
    return true;
  }

  @Override
  public long term() {
    return term;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public void close() {
    all.forEach(CountCursor::close);
  }
}
