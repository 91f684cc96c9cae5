package dev.mixlaw.mix.internal;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A random sample of a stream of weighted values. The sample consists of the values with the lowest
 * hashes, as many as are needed to reach a given total weight. The order of the stream has no
 * effect unless hashes are equal.
 */
public final class LowestHashes<T> {
  private final TreeMap<Key, Weighted<T>> lowest =
      new TreeMap<>(Comparator.comparingLong(Key::hash).thenComparingLong(Key::arrival));
  private final long wanted;
  private long weight;
  private long arrivals;

  private record Key(long hash, long arrival) {}

  private record Weighted<T>(T value, long weight) {}

  /** Creates an empty sample. The total weight to reach must be at least 1. */
  public LowestHashes(long wanted) {
    this.wanted = wanted;
  }

  /** Returns whether a value with this hash would currently be added to the sample. */
  public boolean accepts(long hash) {
    return weight < wanted || hash < lowest.lastKey().hash();
  }

  public void add(long hash, T value, long ofValue) {
    lowest.put(new Key(hash, arrivals++), new Weighted<>(value, ofValue));
    weight += ofValue;
    while (weight - lowest.lastEntry().getValue().weight() >= wanted) {
      weight -= lowest.pollLastEntry().getValue().weight();
    }
  }

  /** Returns the total weight, which is less than wanted if too few values were added. */
  public long weight() {
    return weight;
  }

  /** Returns the values in ascending order of their hashes. */
  public List<T> values() {
    return lowest.values().stream().map(Weighted::value).toList();
  }

  /** Returns the values in the order in which they were added. */
  public List<T> inOrder() {
    return lowest.entrySet().stream()
        .sorted(Comparator.comparingLong(e -> e.getKey().arrival()))
        .map(Map.Entry::getValue)
        .map(Weighted::value)
        .toList();
  }
}
