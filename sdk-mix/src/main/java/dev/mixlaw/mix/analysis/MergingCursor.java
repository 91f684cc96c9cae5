package dev.mixlaw.mix.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges several cursors. The counts of equal terms are added, in the order of the cursors. Closing
 * the merged cursor closes all of them.
 */
final class MergingCursor extends CountCursor {
  private final List<Source> all = new ArrayList<>();
  private final PriorityQueue<Source> waiting =
      new PriorityQueue<>(
          Comparator.<Source>comparingLong(s -> s.cursor().term()).thenComparingInt(Source::index));
  private double weighted;

  private record Source(int index, CountCursor cursor, double weight) {}

  /** Creates a cursor over other cursors, each with a weight for its counts. */
  MergingCursor(List<CountCursor> cursors, double[] weights) {
    for (int i = 0; i < weights.length; i++) {
      all.add(new Source(i, cursors.get(i), weights[i]));
    }
    all.forEach(this::advance);
  }

  private void advance(Source source) {
    if (source.cursor().next()) {
      waiting.add(source);
    }
  }

  @Override
  boolean next() {
    if (waiting.isEmpty()) {
      return false;
    }
    long term = waiting.element().cursor().term();
    long count = 0;
    weighted = 0;
    while (!waiting.isEmpty() && waiting.element().cursor().term() == term) {
      Source least = waiting.remove();
      count += least.cursor().count();
      weighted += least.weight() * least.cursor().count();
      advance(least);
    }
    return at(term, count);
  }

  /** Returns the weighted sum of the counts of the current term. */
  double weighted() {
    return weighted;
  }

  @Override
  public void close() {
    all.forEach(source -> source.cursor().close());
  }
}
