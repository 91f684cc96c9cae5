package dev.mixlaw.mix.synthetic;

import dev.mixlaw.mix.internal.Hash64;
import java.util.Arrays;

/**
 * An index of all positions in the training text. Positions are sorted by the token before the
 * position, then by the token before that one, and so on. The positions that follow the same
 * history are adjacent, and binary search finds them. The token at a random position after the
 * history is a sample of the next token.
 */
final class NgramIndex {
  private final int[] tokens;
  private final int[] places;

  /** For each token, the index in {@link #places} at which the positions after it begin. */
  private final int[] starts;

  private NgramIndex(int[] tokens, int[] places, int[] starts) {
    this.tokens = tokens;
    this.places = places;
    this.starts = starts;
  }

  /**
   * Sorts the positions by radix sort, in time and memory proportional to the text.
   *
   * @param tokens tokens with at least {@code depth} {@link WordVocabulary#START} before each
   *     document
   * @param depth number of tokens in a history
   */
  static NgramIndex of(int[] tokens, int depth, int vocabulary) {
    int count = 0;
    int[] places = new int[tokens.length];
    for (int i = depth; i < tokens.length; i++) {
      if (tokens[i] != WordVocabulary.START) {
        places[count++] = i;
      }
    }
    int[] from = Arrays.copyOf(places, count);
    int[] to = new int[count];
    int[] starts = new int[0];
    for (int back = depth; back >= 1; back--) {
      starts = new int[vocabulary + 1];
      for (int place : from) {
        starts[tokens[place - back] + 1]++;
      }
      for (int v = 0; v < vocabulary; v++) {
        starts[v + 1] += starts[v];
      }
      int[] next = starts.clone();
      for (int place : from) {
        to[next[tokens[place - back]]++] = place;
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return new NgramIndex(tokens, from, starts);
  }

  /**
   * Samples the next token from the interpolated model. If the last token never occurred before
   * another token, the sample is a random token of the text.
   *
   * @param history the preceding tokens, nearest last
   * @param prior weight of the shorter history, as a number of occurrences
   * @param random 64 random bits
   */
  int next(int[] history, double prior, long random) {
    int[] low = new int[history.length + 1];
    int[] high = new int[history.length + 1];
    high[0] = places.length;
    int known = 0;
    for (; known < history.length; known++) {
      int back = known + 1;
      int token = history[history.length - back];
      int first = known == 0 ? starts[token] : first(low[known], high[known], back, token);
      int end = known == 0 ? starts[token + 1] : end(first, high[known], back, token);
      if (first == end) {
        break;
      }
      low[known + 1] = first;
      high[known + 1] = end;
    }
    long bits = random;
    for (; known > 1; known--) {
      double count = high[known] - low[known];
      bits = Hash64.mix(bits + 1);
      if ((bits >>> 11) * 0x1p-53 * (count + prior) < count) {
        break;
      }
    }
    long choice = Long.remainderUnsigned(Hash64.mix(bits + 1), high[known] - low[known]);
    return tokens[places[low[known] + (int) choice]];
  }

  /**
   * Returns the first index from {@code from} to {@code to} whose position has at least {@code
   * token} at {@code back} tokens before it.
   */
  private int first(int from, int to, int back, int token) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (tokens[places[middle] - back] < token) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Returns the first index from {@code first} to {@code to} whose position does not have {@code
   * token} at {@code back} tokens before it. Uses exponential search, because most ranges are
   * short.
   */
  private int end(int first, int to, int back, int token) {
    int step = 1;
    int low = first;
    while (low < to && tokens[places[low] - back] == token) {
      int further = low + step;
      if (further >= to || tokens[places[further] - back] != token) {
        return first(low + 1, Math.min(further, to), back, token + 1);
      }
      low = further;
      step *= 2;
    }
    return low;
  }
}
