package dev.mixlaw.mix.analysis;

import dev.mixlaw.mix.internal.Hash64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * A sample of documents with a number of words. It takes the documents whose texts have the lowest
 * keyed hashes, in this order, so the order of the corpus has no effect. Memory: the text of the
 * sample and of the longest document.
 */
final class DocumentSample {
  /** Maximum number of characters of a document that are kept. */
  private static final int MOST_CHARACTERS = 1 << 20;

  private final long seed;
  private final long wanted;
  private final TreeMap<Key, Drawn> lowest =
      new TreeMap<>(Comparator.comparingLong(Key::hash).thenComparingLong(Key::arrival));
  private long words;
  private long arrivals;

  /** Equal texts are kept apart by their arrival, which has no other effect. */
  private record Key(long hash, long arrival) {}

  /**
   * A document of the sample.
   *
   * @param text its text; only the beginning if it is very long
   * @param words hashes of its words, cut where the sample is full
   */
  record Drawn(String text, long[] words) {}

  DocumentSample(long wanted, long seed) {
    this.wanted = wanted;
    this.seed = seed;
  }

  void offer(String text, long[] hashes) {
    if (hashes.length == 0) {
      return;
    }
    Key key = new Key(Hash64.of(text, seed), arrivals++);
    if (words >= wanted && key.hash() >= lowest.lastKey().hash()) {
      return;
    }
    long[] kept = hashes.length > wanted ? Arrays.copyOf(hashes, (int) wanted) : hashes;
    lowest.put(key, new Drawn(text.substring(0, Math.min(text.length(), MOST_CHARACTERS)), kept));
    words += kept.length;
    while (words - lowest.lastEntry().getValue().words().length >= wanted) {
      words -= lowest.pollLastEntry().getValue().words().length;
    }
  }

  /** Returns the documents; the last one is cut so that there are not too many words. */
  List<Drawn> documents() {
    List<Drawn> drawn = new ArrayList<>(lowest.values());
    if (words > wanted) {
      Drawn last = drawn.remove(drawn.size() - 1);
      int kept = (int) (last.words().length - (words - wanted));
      drawn.add(new Drawn(last.text(), Arrays.copyOf(last.words(), kept)));
    }
    return drawn;
  }

  long words() {
    return Math.min(words, wanted);
  }
}
