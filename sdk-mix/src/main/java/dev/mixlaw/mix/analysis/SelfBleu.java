package dev.mixlaw.mix.analysis;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How alike documents are: the mean BLEU of each against all the others as references (Zhu et al.
 * 2018, Texygen), without brevity penalty, from 0 to 1; higher is less diverse.
 *
 * <p>BLEU is the geometric mean of the clipped precisions of 1- to 4-grams (Papineni et al. 2002),
 * of 2-grams and longer with one added to matches and total (Lin and Och 2004). It rises with the
 * number and the length of documents: compare equal numbers, cut to equal lengths.
 */
final class SelfBleu {
  private static final int LONGEST = 4;

  private SelfBleu() {}

  /**
   * Of each document against the others, in the order given.
   *
   * @param documents hashes of words; at least two, each of at least four words
   */
  static double[] of(List<long[]> documents) {
    if (documents.size() < 2 || documents.stream().anyMatch(d -> d.length < LONGEST)) {
      throw new IllegalArgumentException(
          documents.size() + " documents; expected two or more, of four words or more");
    }
    double[] logs = new double[documents.size()];
    for (int n = 1; n <= LONGEST; n++) {
      addPrecisions(documents, n, logs);
    }
    return Arrays.stream(logs).map(log -> Math.exp(log / LONGEST)).toArray();
  }

  /** The most any document has of an n-gram, which document, and the most any other has. */
  private static final class Most {
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
    Map<Long, Most> most = new HashMap<>();
    for (int d = 0; d < documents.size(); d++) {
      int document = d;
      counts(documents.get(d), n)
          .forEach((gram, c) -> most.computeIfAbsent(gram, g -> new Most()).add(document, c));
    }
    for (int d = 0; d < documents.size(); d++) {
      long matches = 0;
      long total = 0;
      for (Map.Entry<Long, Integer> gram : counts(documents.get(d), n).entrySet()) {
        Most others = most.get(gram.getKey());
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
