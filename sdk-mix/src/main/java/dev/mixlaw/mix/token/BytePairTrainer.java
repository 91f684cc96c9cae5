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
 * Trains a byte-level byte-pair encoding: the most frequent pair of adjacent tokens repeatedly
 * becomes a new token (Sennrich et al. 2016; over bytes as in Radford et al. 2019).
 *
 * <p>The result does not depend on the order of the text: among equally frequent pairs, the one
 * with the smaller ids comes first. A pair that occurs once is not merged. Not thread-safe.
 */
final class BytePairTrainer {
  /** The text of the special token that ends a document. */
  static final String END_OF_TEXT = "<|endoftext|>";

  /** The smallest vocabulary: all bytes and the end-of-text token. */
  private static final int SMALLEST_VOCABULARY = 257;

  private static final int LEAST_FREQUENCY = 2;

  /** Number of occurrences by piece. The Latin-1 characters of a key are the bytes of the piece. */
  private final Map<String, long[]> pieces = new HashMap<>();

  /** Adds training text. */
  void add(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Pretokenizer pretokens = new Pretokenizer(utf8);
    while (pretokens.next()) {
      int length = pretokens.end() - pretokens.start();
      String piece = new String(utf8, pretokens.start(), length, StandardCharsets.ISO_8859_1);
      pieces.computeIfAbsent(piece, p -> new long[1])[0]++;
    }
  }

  /**
   * Trains a tokenizer on the text that was added so far.
   *
   * @param vocabulary number of tokens, at least {@value #SMALLEST_VOCABULARY}. The result has
   *     fewer if no further pair occurs twice.
   * @throws IllegalArgumentException if the vocabulary is too small
   */
  BytePairTokenizer train(int vocabulary) {
    if (vocabulary < SMALLEST_VOCABULARY) {
      throw new IllegalArgumentException(
          "vocabulary: " + vocabulary + " given; expected at least " + SMALLEST_VOCABULARY);
    }
    return new Training(pieces).upTo(vocabulary - 1);
  }

  private record Pair(int left, int right) {}

  /** A pair and its frequency at the time when it was queued. */
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

  /** The current frequency of a pair and the words in which it occurs or has occurred. */
  private static final class Occurrences {
    long frequency;
    final IntList words = new IntList(0);

    void in(int word) {
      if (words.size() == 0 || words.get(words.size() - 1) != word) {
        words.add(word);
      }
    }
  }

  /** The state of one training, which updates the frequencies of pairs after each merge. */
  private static final class Training {
    private final int[][] words;
    private final long[] frequencies;
    private final Map<Pair, Occurrences> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
    private final List<byte[]> tokens = new ArrayList<>();
    private final Map<String, Integer> idsByBytes = new HashMap<>();
    private final IntList left = new IntList(1024);
    private final IntList right = new IntList(1024);
    private final IntList merged = new IntList(1024);

    Training(Map<String, long[]> pieces) {
      words = new int[pieces.size()][];
      frequencies = new long[pieces.size()];
      for (int b = 0; b < 256; b++) {
        idOf(new byte[] {(byte) b});
      }
      int index = 0;
      for (Map.Entry<String, long[]> piece : pieces.entrySet()) {
        words[index] = piece.getKey().chars().toArray();
        frequencies[index] = piece.getValue()[0];
        for (int i = 0; i + 1 < words[index].length; i++) {
          occurs(words[index], i, index);
        }
        index++;
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
          merge(best.pair, found.words);
        } // else: it was queued again when it became more frequent
      }
      int endOfText = tokens.size();
      tokens.add(END_OF_TEXT.getBytes(StandardCharsets.UTF_8));
      return new BytePairTokenizer(
          tokens.toArray(byte[][]::new),
          new MergeRules(left.toArray(), right.toArray(), merged.toArray()),
          endOfText);
    }

    private void merge(Pair pair, IntList where) {
      int id = idOf(concatenation(pair));
      left.add(pair.left);
      right.add(pair.right);
      merged.add(id);
      pairs.remove(pair);
      Map<Pair, Occurrences> changed = new HashMap<>();
      for (int i = 0; i < where.size(); i++) {
        replace(where.get(i), pair, id, changed);
      }
      changed.forEach((p, o) -> queue.add(new Candidate(p, o.frequency)));
    }

    /**
     * Replaces a pair in a word, and adds the word's pairs with the new token to {@code changed}.
     */
    private void replace(int index, Pair pair, int id, Map<Pair, Occurrences> changed) {
      int[] word = words[index];
      IntList replaced = new IntList(word.length);
      for (int i = 0; i < word.length; i++) {
        if (i + 1 < word.length && word[i] == pair.left && word[i + 1] == pair.right) {
          replaced.add(id);
          i++;
        } else {
          replaced.add(word[i]);
        }
      }
      if (replaced.size() == word.length) {
        return; // an earlier merge removed the pair
      }
      for (int i = 0; i + 1 < word.length; i++) {
        Occurrences o = pairs.get(new Pair(word[i], word[i + 1]));
        if (o != null) { // null for the merged pair
          o.frequency -= frequencies[index];
        }
      }
      words[index] = replaced.toArray();
      for (int i = 0; i + 1 < words[index].length; i++) {
        Pair now = new Pair(words[index][i], words[index][i + 1]);
        Occurrences o = occurs(words[index], i, index);
        if (now.left == id || now.right == id) {
          changed.put(now, o);
        }
      }
    }

    private Occurrences occurs(int[] word, int at, int index) {
      Occurrences o =
          pairs.computeIfAbsent(new Pair(word[at], word[at + 1]), p -> new Occurrences());
      o.frequency += frequencies[index];
      o.in(index);
      return o;
    }

    private byte[] concatenation(Pair pair) {
      byte[] a = tokens.get(pair.left);
      byte[] b = tokens.get(pair.right);
      byte[] both = Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, both, a.length, b.length);
      return both;
    }

    /** Returns the id of the token with these bytes; two pairs with equal bytes share a token. */
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
