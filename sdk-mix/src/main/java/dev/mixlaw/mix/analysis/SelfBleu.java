package dev.mixlaw.mix.analysis;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Self-BLEU, which measures the similarity of documents as the mean BLEU score of each document
 * with all other documents as references (Zhu et al. 2018, Texygen), without brevity penalty.
 * Self-BLEU ranges from 0 to 1, where higher values mean less diversity.
 *
 * <p>BLEU is the geometric mean of the clipped precisions of 1- to 4-grams (Papineni et al. 2002).
 * To smooth the precision of n-grams of at least two words, one is added to the number of matches
 * and to the total (Lin and Och 2004). Self-BLEU grows with the number and length of documents, so
 * samples can be compared only if they agree in both.
 */
public final class SelfBleu {
  private static final int DOCUMENTS = 100;
  private static final int WORDS = 200;
  private static final int LONGEST = 4;

  private SelfBleu() {}

  /** Returns the BLEU score of each document, with all other documents as references. */
  public static double[] of(List<long[]> documents) {
    if (documents.size() < 2 || documents.stream().anyMatch(d -> d.length < LONGEST)) {
      throw new IllegalArgumentException(
          "documents: " + documents.size() + "; expected at least 2, of at least 4 words each");
    }
    double[] logs = new double[documents.size()];
    for (int n = 1; n <= LONGEST; n++) {
      addPrecisions(documents, n, logs);
    }
    return Arrays.stream(logs).map(log -> Math.exp(log / LONGEST)).toArray();
  }

  /**
   * Returns the first {@value #WORDS} words of each of the first {@value #DOCUMENTS} documents that
   * have at least four words.
   */
  public static List<long[]> excerpts(List<DocumentSample.Drawn> documents) {
    return documents.stream()
        .map(DocumentSample.Drawn::words)
        .filter(w -> w.length >= LONGEST)
        .limit(DOCUMENTS)
        .map(w -> Arrays.copyOf(w, Math.min(w.length, WORDS)))
        .toList();
  }

  /** The largest count of an n-gram in a document, and the largest count in any other document. */
  private static final class TopCounts {
    private int owner = -1;
    private int first;
    private int second;

    void add(int document, int count) {
      if (count > first) {
        second = first;
        first = count;
        owner = document;
      } else {
        second = Math.max(second, count);
      }
    }

    int without(int document) {
      return document == owner ? second : first;
    }
  }

  private static void addPrecisions(List<long[]> documents, int n, double[] logs) {
    Map<Long, TopCounts> most = new HashMap<>();
    for (int d = 0; d < documents.size(); d++) {
      int document = d;
      counts(documents.get(d), n)
          .forEach((gram, c) -> most.computeIfAbsent(gram, g -> new TopCounts()).add(document, c));
    }
    for (int d = 0; d < documents.size(); d++) {
      long matches = 0;
      long total = 0;
      for (Map.Entry<Long, Integer> gram : counts(documents.get(d), n).entrySet()) {
        TopCounts others = most.get(gram.getKey());
        matches += others == null ? 0 : Math.min(gram.getValue(), others.without(d));
        total += gram.getValue();
      }
      int added = n > 1 ? 1 : 0;
      logs[d] += Math.log((double) (matches + added) / (total + added));
    }
  }

  private static Map<Long, Integer> counts(long[] words, int n) {
    Map<Long, Integer> counts = new HashMap<>();
    for (long gram : TermCounter.ngrams(words, n)) {
      counts.merge(gram, 1, Integer::sum);
    }
    return counts;
  }
}
