package dev.mixlaw.mix.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Merges several cursors; the counts of equal terms are summed. Closes all of them. */
final class MergingCursor extends CountCursor {
  private final List<? extends CountCursor> all;
  private final PriorityQueue<CountCursor> waiting =
      new PriorityQueue<>(Comparator.comparingLong(CountCursor::term));

  MergingCursor(List<? extends CountCursor> all) {
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
    long term = waiting.element().term();
    long count = 0;
    while (!waiting.isEmpty() && waiting.element().term() == term) {
      CountCursor least = waiting.remove();
      count += least.count();
      advance(least);
    }
    return at(term, count);
  }

  @Override
  public void close() {
    all.forEach(CountCursor::close);
  }
}
