package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.corpus.Corpora;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A search for documents that are nearly the same, within and across corpora, by MinHash over
 * shingles of {@value #SHINGLE_WORDS} words.
 *
 * <p>Pairs of documents that share one of 42 bands of 3 places are compared by their whole
 * sketches. They are copies if the estimated Jaccard index is at least the threshold. Bands find
 * 99.6 % of the pairs at a Jaccard index of 0.5, and 94 % at 0.4. The standard error of the
 * estimate is at most 0.044. Memory: about 1 kB per document. A document is compared with at most
 * {@value #MOST_COMPARED} earlier documents that share a band, which matters for text that nearly
 * all documents share, such as a licence at the head of a file. Documents of fewer than {@value
 * #FEWEST_WORDS} words are not compared, because they resemble each other by chance.
 *
 * @see dev.mixlaw.mix.corpus.NearDuplicates NearDuplicates, which removes copies from one corpus
 */
public final class NearCopies {
  /** Number of words of a shingle. */
  public static final int SHINGLE_WORDS = 3;

  /** The default threshold: documents with at least this Jaccard index are copies. */
  public static final double DEFAULT_THRESHOLD = 0.4;

  /** Documents with fewer words are not compared. */
  public static final int FEWEST_WORDS = 8;

  private static final int MOST_COMPARED = 64;

  private final double threshold;
  private final List<String> corpora = new ArrayList<>();
  private final List<Sketch> sketches = new ArrayList<>();

  private record Sketch(int corpus, String id, int[] places) {}

  /**
   * Two documents that are nearly the same.
   *
   * @param corpus name of the corpus of the first document
   * @param document id of the first document
   * @param otherCorpus name of the corpus of the second document
   * @param otherDocument id of the second document
   * @param jaccard estimated Jaccard index of their shingles, 0 to 1
   */
  public record Pair(
      String corpus, String document, String otherCorpus, String otherDocument, double jaccard) {}

  /**
   * The number of documents of a corpus with a near copy in another corpus or in itself.
   *
   * @param corpus name of the corpus
   * @param in name of the corpus of the copies
   * @param documents number of documents of the corpus that were compared
   * @param copied number of those with a near copy
   */
  public record Share(String corpus, String in, long documents, long copied) {}

  /**
   * The result of a search.
   *
   * @param pairs pairs of near copies
   * @param shares number of copies, for each pair of corpora
   */
  public record Found(List<Pair> pairs, List<Share> shares) {
    /** Copies the lists. */
    public Found {
      pairs = List.copyOf(pairs);
      shares = List.copyOf(shares);
    }
  }

  /**
   * Creates a search.
   *
   * @param threshold smallest Jaccard index of copies, more than 0, at most 1
   * @throws IllegalArgumentException if {@code threshold} is out of range
   */
  public NearCopies(double threshold) {
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "threshold: " + threshold + "; expected more than 0 and at most 1");
    }
    this.threshold = threshold;
  }

  /**
   * Finds the copies within and across corpora, with the {@linkplain #DEFAULT_THRESHOLD default
   * threshold}.
   */
  public static Found find(List<Corpus> corpora) {
    NearCopies search = new NearCopies(DEFAULT_THRESHOLD);
    corpora.forEach(search::add);
    return search.find();
  }

  /** Reads a corpus. */
  public void add(Corpus corpus) {
    try (DocumentStream documents = Corpora.open(corpus)) {
      int index = corpora.size();
      corpora.add(corpus.name());
      while (documents.hasNext()) {
        Document document = documents.next();
        MinHashIndex.sketch(document.text())
            .ifPresent(places -> sketches.add(new Sketch(index, document.id(), places)));
      }
    }
  }

  /** Returns the near copies among all documents that were read; each pair once. */
  public Found find() {
    SortedSet<Long> candidates = new TreeSet<>();
    for (int band = 0; band < MinHashIndex.bands(); band++) {
      addCandidates(band, candidates);
    }
    List<Pair> pairs = new ArrayList<>();
    BitSet[] copied = new BitSet[corpora.size()];
    Arrays.setAll(copied, i -> new BitSet());
    for (long candidate : candidates) {
      int first = (int) (candidate >>> 32);
      int second = (int) candidate;
      Sketch a = sketches.get(first);
      Sketch b = sketches.get(second);
      double jaccard = MinHash.jaccard(a.places(), b.places());
      if (jaccard >= threshold) {
        pairs.add(
            new Pair(corpora.get(a.corpus()), a.id(), corpora.get(b.corpus()), b.id(), jaccard));
        copied[b.corpus()].set(first);
        copied[a.corpus()].set(second);
      }
    }
    return new Found(pairs, shares(copied));
  }

  /** Adds the pairs with equal bands, which are neighbours in the order of the band's hash. */
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

  private List<Share> shares(BitSet[] copied) {
    List<Share> shares = new ArrayList<>();
    for (int corpus = 0; corpus < corpora.size(); corpus++) {
      BitSet own = new BitSet();
      for (int d = 0; d < sketches.size(); d++) {
        own.set(d, sketches.get(d).corpus() == corpus);
      }
      for (int in = 0; in < corpora.size(); in++) {
        BitSet both = (BitSet) copied[in].clone();
        both.and(own);
        shares.add(
            new Share(corpora.get(corpus), corpora.get(in), own.cardinality(), both.cardinality()));
      }
    }
    return shares;
  }
}
