package dev.mixlaw.mix.token;

import dev.mixlaw.api.internal.Interrupts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Trains a byte-level byte-pair encoding (Sennrich et al. 2016; over bytes as in Radford et al.
 * 2019). The most frequent pair of adjacent tokens repeatedly becomes a new token, unless it occurs
 * only once. Among equally frequent pairs, the pair with the smaller ids is merged, so the order of
 * the text has no effect. This class is not thread-safe.
 */
final class BytePairTrainer {
  /** The special token that ends a document. */
  static final String END_OF_TEXT = "<|endoftext|>";

  /** The size of a vocabulary with only the single bytes and the end-of-text token. */
  private static final int SMALLEST_VOCABULARY = 257;

  private static final int LEAST_FREQUENCY = 2;

  /** The number of occurrences of each piece. Keys are bytes as ISO 8859-1 characters. */
  private final Map<String, long[]> pieces = new HashMap<>();

  void add(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Pretokenizer pretokens = new Pretokenizer(utf8, Pretokenizer.Rules.GPT2);
    while (pretokens.next()) {
      int length = pretokens.end() - pretokens.start();
      String piece = new String(utf8, pretokens.start(), length, StandardCharsets.ISO_8859_1);
      pieces.computeIfAbsent(piece, p -> new long[1])[0]++;
    }
  }

  /** Trains a tokenizer with at most {@code vocabulary} tokens on all text that was added. */
  BytePairTokenizer train(int vocabulary) {
    if (vocabulary < SMALLEST_VOCABULARY) {
      throw new IllegalArgumentException(
          "vocabulary: " + vocabulary + " given; expected at least " + SMALLEST_VOCABULARY);
    }
    return new Training(pieces).upTo(vocabulary - 1);
  }

  private record Pair(int left, int right) {}

  /** A pair with the frequency that it had when it was queued. */
  private record Candidate(Pair pair, long frequency) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int order = Long.compare(other.frequency, frequency);
      if (order == 0) {
        order = Integer.compare(pair.left, other.pair.left);
      }
      return order != 0 ? order : Integer.compare(pair.right, other.pair.right);
    }
  }

  /** The frequency of a pair, and all positions at which the pair has ever occurred. */
  private static final class Occurrences {
    long frequency;
    final IntList positions = new IntList(0);
  }

  /**
   * The state of one call of {@link #train}. All words are in one array of linked tokens, so the
   * time for a merge depends only on the number of occurrences of the pair.
   */
  private static final class Training {
    private static final int NONE = -1;

    /** The token at each position, or {@link #NONE} if it was merged into the token before it. */
    private final int[] tokenAt;

    private final int[] next;
    private final int[] previous;
    private final int[] wordAt;
    private final long[] frequencies;
    private final Map<Pair, Occurrences> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
    private final List<byte[]> tokens = new ArrayList<>();
    private final Map<String, Integer> idsByBytes = new HashMap<>();
    private final IntList left = new IntList(1024);
    private final IntList right = new IntList(1024);
    private final IntList merged = new IntList(1024);

    Training(Map<String, long[]> pieces) {
      int size = Math.toIntExact(pieces.keySet().stream().mapToLong(String::length).sum());
      tokenAt = new int[size];
      next = new int[size];
      previous = new int[size];
      wordAt = new int[size];
      frequencies = new long[pieces.size()];
      for (int b = 0; b < 256; b++) {
        idOf(new byte[] {(byte) b});
      }
      int word = 0;
      int at = 0;
      for (Map.Entry<String, long[]> piece : pieces.entrySet()) {
        frequencies[word] = piece.getValue()[0];
        int start = at;
        int end = at + piece.getKey().length();
        for (; at < end; at++) {
          tokenAt[at] = piece.getKey().charAt(at - start);
          wordAt[at] = word;
          next[at] = at + 1 < end ? at + 1 : NONE;
          previous[at] = at > start ? at - 1 : NONE;
          if (at > start) {
            occurs(tokenAt[at - 1], tokenAt[at], at - 1);
          }
        }
        word++;
      }
      pairs.forEach((pair, o) -> queue.add(new Candidate(pair, o.frequency)));
    }

    BytePairTokenizer upTo(int size) {
      while (tokens.size() < size && !queue.isEmpty()) {
        Interrupts.check();
        Candidate best = queue.poll();
        Occurrences found = pairs.get(best.pair);
        long now = found == null ? 0 : found.frequency;
        if (now < LEAST_FREQUENCY) {
          pairs.remove(best.pair);
        } else if (now < best.frequency) {
          queue.add(new Candidate(best.pair, now));
        } else if (now == best.frequency) {
          merge(best.pair, found.positions.toArray());
        } // else: it was queued again when it became more frequent
      }
      int endOfText = tokens.size();
      tokens.add(END_OF_TEXT.getBytes(StandardCharsets.UTF_8));
      return new BytePairTokenizer(
          tokens.toArray(byte[][]::new),
          new MergeRules(left.toArray(), right.toArray(), merged.toArray()),
          endOfText);
    }

    private void merge(Pair pair, int[] positions) {
      int id = idOf(concatenation(pair));
      left.add(pair.left);
      right.add(pair.right);
      merged.add(id);
      pairs.remove(pair);
      Map<Pair, Occurrences> changed = new HashMap<>();
      Arrays.sort(positions); // in a run of equal tokens, the first two are merged
      for (int at : positions) {
        if (tokenAt[at] == pair.left && next[at] >= 0 && tokenAt[next[at]] == pair.right) {
          mergeAt(at, pair, id, changed);
        } // else: an earlier merge removed the pair
      }
      changed.forEach((p, o) -> queue.add(new Candidate(p, o.frequency)));
    }

    private void mergeAt(int at, Pair pair, int id, Map<Pair, Occurrences> changed) {
      int before = previous[at];
      int gone = next[at];
      int after = next[gone];
      tokenAt[at] = id;
      tokenAt[gone] = NONE;
      next[at] = after;
      if (before >= 0) {
        ceases(tokenAt[before], pair.left, at);
        changed.put(new Pair(tokenAt[before], id), occurs(tokenAt[before], id, before));
      }
      if (after >= 0) {
        previous[after] = at;
        ceases(pair.right, tokenAt[after], at);
        changed.put(new Pair(id, tokenAt[after]), occurs(id, tokenAt[after], at));
      }
    }

    private Occurrences occurs(int leftToken, int rightToken, int at) {
      Occurrences o =
          pairs.computeIfAbsent(new Pair(leftToken, rightToken), p -> new Occurrences());
      o.frequency += frequencies[wordAt[at]];
      o.positions.add(at);
      return o;
    }

    private void ceases(int leftToken, int rightToken, int at) {
      Occurrences o = pairs.get(new Pair(leftToken, rightToken));
      if (o != null) { // null for the merged pair
        o.frequency -= frequencies[wordAt[at]];
      }
    }

    private byte[] concatenation(Pair pair) {
      byte[] a = tokens.get(pair.left);
      byte[] b = tokens.get(pair.right);
      byte[] both = Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, both, a.length, b.length);
      return both;
    }

    /** Returns the id of the token with these bytes. Two pairs with equal bytes share a token. */
    private int idOf(byte[] bytes) {
      String key = new String(bytes, StandardCharsets.ISO_8859_1);
      return idsByBytes.computeIfAbsent(
          key,
          k -> {
            tokens.add(bytes);
            return tokens.size() - 1;
          });
    }
  }
}
