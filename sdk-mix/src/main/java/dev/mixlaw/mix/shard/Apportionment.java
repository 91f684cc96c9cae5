package dev.mixlaw.mix.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which corpus each sequence comes from, so that after any number of sequences each of n corpora is
 * within {@code 1 - 1/(2n - 2)} of a sequence of its share.
 *
 * <p>Always taking the corpus with the largest deficit is not enough from three corpora on: it has
 * been seen 1.3 sequences off. So of the corpora whose deficit is at least {@code 1/(2n - 2)} of a
 * sequence, the one comes next that would otherwise be first to fall behind its bound (R. Tijdeman,
 * "The chairman assignment problem", Discrete Mathematics 32, 1980, 323-330). For two corpora this
 * is the one with the largest deficit.
 *
 * <p>Shares are whole multiples of 2^-52 that sum to 1, and deficits are kept as whole numbers: no
 * rounding adds up over a run. The rule looks back on its own choices; counts and deficits at every
 * 4096th position are remembered as far as anybody has asked, so that reading anywhere costs at
 * most 4096 choices, and the first look at position p costs p of them once (some 20 ns each). Safe
 * for use by several threads.
 */
final class Apportionment {
  static final int BLOCK = 4096;

  /** One sequence, in units of deficit. */
  private static final long ONE = 1L << 52;

  private static final int REMEMBERED = 16;

  private final long[] shares;
  private final long least;

  /** State at the beginning of each block, as far as it is known; guarded by itself. */
  private final List<State> states = new ArrayList<>();

  private final AtomicReferenceArray<@Nullable Block> blocks =
      new AtomicReferenceArray<>(REMEMBERED);

  /**
   * @param shares above 0; their sum is taken as 1
   */
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

  /** What has been given out before a position, and what each corpus is owed. */
  private static final class State {
    final long[] counts;
    final long[] deficits;

    State(long[] counts, long[] deficits) {
      this.counts = counts;
      this.deficits = deficits;
    }

    State copy() {
      return new State(counts.clone(), deficits.clone());
    }
  }

  /** The choices of 4096 positions; never changes. */
  private static final class Block {
    final long number;
    final short[] corpora;

    /** Which sequence of its corpus each is, from 0. */
    final long[] ordinals;

    Block(long number, short[] corpora, long[] ordinals) {
      this.number = number;
      this.corpora = corpora;
      this.ordinals = ordinals;
    }
  }

  /** Which corpus a position belongs to. */
  int corpus(long position) {
    return block(position).corpora[(int) (position % BLOCK)];
  }

  /** How many sequences of its corpus came before the one at a position. */
  long ordinal(long position) {
    return block(position).ordinals[(int) (position % BLOCK)];
  }

  /** Sequences of each corpus among the first positions. */
  long[] counts(long positions) {
    State state = stateAt(positions / BLOCK);
    for (long i = positions % BLOCK; i > 0; i--) {
      choose(state);
    }
    return state.counts;
  }

  private Block block(long position) {
    long number = position / BLOCK;
    int place = (int) (number % REMEMBERED);
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

  /** A copy of the state before a block. */
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

  /** Takes the next sequence; returns its corpus. */
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
