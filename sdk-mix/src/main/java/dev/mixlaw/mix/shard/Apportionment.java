package dev.mixlaw.mix.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Assigns one of n corpora to each training sequence. After any number of sequences, the number of
 * sequences of each corpus differs from the corpus's share of them by at most {@code 1 - 1/(2n -
 * 2)}.
 *
 * <p>The deficit of a corpus is its share of the sequences so far, minus the number of sequences
 * that it has received. Choosing the corpus with the largest deficit does not guarantee this bound
 * for three or more corpora. Instead, only corpora with a deficit of at least {@code 1/(2n - 2)} of
 * a sequence are considered. The corpus that would violate the bound first is chosen (R. Tijdeman,
 * "The chairman assignment problem", Discrete Mathematics 32, 1980, 323-330).
 *
 * <p>Shares are multiples of 2^-52 that sum to 1, and deficits are integers, so rounding errors do
 * not accumulate. Each choice depends on all earlier choices. The state is stored every {@value
 * #BLOCK} positions, up to the highest position accessed so far. The first access to position p
 * therefore requires p choices, and a later access at most {@value #BLOCK} choices, each of which
 * takes about 20 ns. This class is thread-safe.
 */
final class Apportionment {
  static final int BLOCK = 4096;

  /** The deficit that corresponds to one whole sequence. */
  private static final long ONE = 1L << 52;

  private static final int CACHED_BLOCKS = 16;

  private final long[] shares;
  private final long least;

  /** The states at the beginnings of blocks. Access to the list is guarded by the list itself. */
  private final List<State> states = new ArrayList<>();

  private final AtomicReferenceArray<@Nullable Block> blocks =
      new AtomicReferenceArray<>(CACHED_BLOCKS);

  /** Creates an assignment. The shares must be positive and are normalized to sum to 1. */
  Apportionment(double[] shares) {
    this.shares = wholeShares(shares);
    int n = shares.length;
    least = n == 1 ? ONE : ONE / (2L * n - 2);
    states.add(new State(new long[n], new long[n]));
  }

  private static long[] wholeShares(double[] shares) {
    double sum = Arrays.stream(shares).sum();
    long[] whole = new long[shares.length];
    int largest = 0;
    long rest = ONE;
    for (int i = 0; i < shares.length; i++) {
      if (!(shares[i] > 0)) {
        throw new IllegalArgumentException("share: " + shares[i] + " given; expected above 0");
      }
      whole[i] = Math.round(shares[i] / sum * ONE);
      rest -= whole[i];
      largest = shares[i] > shares[largest] ? i : largest;
    }
    whole[largest] += rest;
    return whole;
  }

  /**
   * The state before the sequence at a position.
   *
   * @param counts number of earlier sequences of each corpus
   * @param deficits deficit of each corpus, in units of 1 / {@link #ONE} of a sequence
   */
  private record State(long[] counts, long[] deficits) {
    State copy() {
      return new State(counts.clone(), deficits.clone());
    }
  }

  /**
   * The corpora that were chosen for {@value #BLOCK} consecutive positions.
   *
   * @param ordinals the index of each sequence among the sequences of its corpus, from 0
   */
  private record Block(long number, short[] corpora, long[] ordinals) {}

  int corpus(long position) {
    return block(position).corpora[(int) (position % BLOCK)];
  }

  /** Returns the number of earlier sequences of the corpus at a position. */
  long ordinal(long position) {
    return block(position).ordinals[(int) (position % BLOCK)];
  }

  /** Returns the number of sequences of each corpus among the first {@code positions}. */
  long[] counts(long positions) {
    State state = stateAt(positions / BLOCK);
    for (long i = positions % BLOCK; i > 0; i--) {
      choose(state);
    }
    return state.counts;
  }

  private Block block(long position) {
    long number = position / BLOCK;
    int place = (int) (number % CACHED_BLOCKS);
    Block block = blocks.get(place);
    if (block == null || block.number != number) {
      block = compute(number);
      blocks.set(place, block);
    }
    return block;
  }

  private Block compute(long number) {
    State state = stateAt(number);
    short[] corpora = new short[BLOCK];
    long[] ordinals = new long[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      int corpus = choose(state);
      corpora[i] = (short) corpus;
      ordinals[i] = state.counts[corpus] - 1;
    }
    return new Block(number, corpora, ordinals);
  }

  /** Returns a copy of the state before the first sequence of a block. */
  private State stateAt(long block) {
    synchronized (states) {
      State last = states.get(states.size() - 1).copy();
      while (states.size() <= block) {
        for (int i = 0; i < BLOCK; i++) {
          choose(last);
        }
        states.add(last.copy());
      }
      return states.get(Math.toIntExact(block)).copy();
    }
  }

  private int choose(State state) {
    int chosen = -1;
    double earliest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < shares.length; i++) {
      state.deficits[i] += shares[i];
      if (state.deficits[i] >= least) {
        double due = (double) (ONE - least - state.deficits[i]) / shares[i];
        if (due < earliest) {
          earliest = due;
          chosen = i;
        }
      }
    }
    state.deficits[chosen] -= ONE;
    state.counts[chosen]++;
    return chosen;
  }
}
