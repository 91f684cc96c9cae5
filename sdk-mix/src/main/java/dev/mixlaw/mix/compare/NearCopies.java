package dev.mixlaw.mix.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.MinHashIndex;
import dev.mixlaw.mix.internal.Shingles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds near copies of documents within and across corpora, by MinHash over 3-word shingles.
 *
 * <p>The sketch of a document has 42 bands of 3 hash values. Documents with at least one equal band
 * are compared by their whole sketches. Two documents are near copies if the estimated Jaccard
 * index is at least {@link CorpusComparison#COPY_THRESHOLD}. Comparing bands finds 99.6 % of the
 * pairs with a Jaccard index of 0.5, and 94 % of those with 0.4. The standard error of the estimate
 * is at most 0.045. The search needs about 1 kB of memory per document. A document is compared with
 * at most {@value #MOST_COMPARED} earlier documents per band, which limits the time if nearly all
 * documents share some text, such as a license header.
 *
 * @see dev.mixlaw.mix.corpus.Corpora#withoutNearDuplicates
 */
final class NearCopies {
  private static final int MOST_COMPARED = 64;

  private final List<String> corpora = new ArrayList<>();
  private final List<Sketch> sketches = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();

  private record Sketch(int corpus, String id, int[] places) {}

  private record Pair(int first, int second) {}

  private NearCopies() {}

  static NearCopies of(List<Corpus> corpora) {
    NearCopies copies = new NearCopies();
    corpora.forEach(copies::read);
    copies.find();
    return copies;
  }

  private void read(Corpus corpus) {
    int index = corpora.size();
    corpora.add(corpus.name());
    Documents.each(
        Corpora.open(corpus),
        document -> {
          Interrupts.check();
          MinHashIndex.sketch(document.text(), Shingles.words(document.text()))
              .ifPresent(places -> sketches.add(new Sketch(index, document.id(), places)));
        });
  }

  private void find() {
    SortedSet<Long> candidates = new TreeSet<>();
    for (int band = 0; band < MinHashIndex.BANDS; band++) {
      addCandidates(band, candidates);
    }
    for (long candidate : candidates) {
      Pair pair = new Pair((int) (candidate >>> 32), (int) candidate);
      int[] first = sketches.get(pair.first()).places();
      int[] second = sketches.get(pair.second()).places();
      if (MinHashIndex.jaccard(first, second) >= CorpusComparison.COPY_THRESHOLD) {
        pairs.add(pair);
      }
    }
  }

  /**
   * Adds the pairs of documents with an equal band. Sorting by the hash of the band makes them
   * adjacent.
   */
  private void addCandidates(int band, SortedSet<Long> candidates) {
    record Place(long hash, int document) {}
    Place[] places = new Place[sketches.size()];
    for (int d = 0; d < places.length; d++) {
      places[d] = new Place(MinHashIndex.band(sketches.get(d).places(), band), d);
    }
    Arrays.sort(places, Comparator.comparingLong(Place::hash).thenComparingInt(Place::document));
    for (int i = 1; i < places.length; i++) {
      int first = Math.max(0, i - MOST_COMPARED);
      for (int j = i - 1; j >= first && places[j].hash() == places[i].hash(); j--) {
        candidates.add(((long) places[j].document() << 32) | places[i].document());
      }
    }
  }

  /** Returns each pair of copies once, as two ids separated by a space. */
  List<String> pairs() {
    return pairs.stream()
        .map(p -> sketches.get(p.first()).id() + " " + sketches.get(p.second()).id())
        .toList();
  }

  List<CorpusComparison.Copies> counts() {
    List<BitSet> copied = corpora.stream().map(corpus -> new BitSet()).toList();
    for (Pair pair : pairs) {
      copied.get(sketches.get(pair.second()).corpus()).set(pair.first());
      copied.get(sketches.get(pair.first()).corpus()).set(pair.second());
    }
    List<CorpusComparison.Copies> counts = new ArrayList<>();
    for (int i = 0; i < corpora.size(); i++) {
      int corpus = i;
      long documents = sketches.stream().filter(s -> s.corpus() == corpus).count();
      for (int in = 0; in < corpora.size(); in++) {
        long own = copied.get(in).stream().filter(d -> sketches.get(d).corpus() == corpus).count();
        counts.add(
            new CorpusComparison.Copies(corpora.get(corpus), corpora.get(in), documents, own));
      }
    }
    return counts;
  }
}
