package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.spi.SamplingModel.Sampling;
import dev.mixlaw.train.engine.loops.Loops;
import java.util.Arrays;

/**
 * Draws tokens from logits, as if a row's tokens were ordered from the likeliest to the least
 * likely, and of equally likely ones by id: the fewest first ones that are together as probable as
 * asked are drawn from in proportion.
 *
 * <p>Probabilities are whole multiples of 2⁻³⁸ of the likeliest token's, so that their sums are
 * exact in any order; what is less likely is never drawn. Instead of all tokens, only those of two
 * classes of almost the same probability are ordered: where the fewest end, and where the draw
 * falls. Not for use by several threads at once; nothing is allocated by a draw.
 */
final class TokenChoice {
  private static final int ONE = Float.floatToRawIntBits(1);

  /** Probabilities are whole multiples of two to the minus this. */
  private static final int BITS = 38;

  /** Of a float's bits: a class is 1/128 of an octave. */
  private static final int SHIFT = 16;

  private static final int CLASSES = (BITS << 23 >>> SHIFT) + 1;

  /** Of a token's place in the order: probability, then id. */
  private static final int ID_BITS = 24;

  private final long[] masses = new long[CLASSES];
  private final long[] ordered;
  private int vocabulary;

  /**
   * @param vocabulary below 2²⁴
   */
  TokenChoice(int vocabulary) {
    this.vocabulary = vocabulary;
    ordered = new long[vocabulary];
  }

  /**
   * A token of a row of logits, which are destroyed.
   *
   * @param draw which draw of the text this is; the same one, seed and logits give the same token
   * @return -1 if a logit is not finite
   */
  int choose(float[] logits, int at, Sampling how, long draw) {
    if (!Float.isFinite(Loops.sum(logits, at, vocabulary))) {
      return -1;
    }
    float max = Loops.max(logits, at, vocabulary);
    if (how.temperature() == 0) {
      int first = at;
      while (logits[first] != max) {
        first++;
      }
      return first - at;
    }
    Loops.add(logits, at, -max, vocabulary);
    Loops.scale(logits, at, (float) (1 / how.temperature()), vocabulary);
    Loops.exp(logits, at, vocabulary);
    return fromWeights(logits, at, how.topP(), random(how.seed(), draw));
  }

  /**
   * A token.
   *
   * @param weights probabilities over that of the likeliest
   */
  int fromWeights(float[] weights, int at, double topP, long random) {
    long total = classify(weights, at);
    long mass = topP < 1 ? Math.max(1, (long) Math.ceil(topP * total)) : total;
    long kept = total;
    if (topP < 1) {
      int last = classAt(mass - 1);
      long before = before(last);
      kept = before + upTo(weights, at, last, mass - before - 1, true);
    }
    // The upper 63 bits of a random number of 64, times what is kept, over 2⁶³.
    long drawn = Math.multiplyHigh(random >>> 1, kept << 1);
    int its = classAt(drawn);
    return (int) upTo(weights, at, its, drawn - before(its), false);
  }

  /** Notes the mass of each class; all of them together. */
  private long classify(float[] weights, int at) {
    Arrays.fill(masses, 0);
    long total = 0;
    for (int i = at; i < at + vocabulary; i++) {
      long mass = mass(weights[i]);
      masses[classOf(weights[i])] += mass;
      total += mass;
    }
    return total;
  }

  static long mass(float weight) {
    return (long) (weight * (1L << BITS));
  }

  private static int classOf(float weight) {
    int below = ONE - Float.floatToRawIntBits(weight) >>> SHIFT;
    return Math.min(below, CLASSES - 1);
  }

  /** The class that holds a part of all mass, counted from the likeliest on. */
  private int classAt(long part) {
    int i = 0;
    for (long end = masses[0]; end <= part; end += masses[i]) {
      i++;
    }
    return i;
  }

  private long before(int kind) {
    long sum = 0;
    for (int i = 0; i < kind; i++) {
      sum += masses[i];
    }
    return sum;
  }

  /**
   * The token of a class that holds a part of its mass, or the mass up to its end.
   *
   * @param part counted from the likeliest on
   */
  private long upTo(float[] weights, int at, int kind, long part, boolean mass) {
    int n = 0;
    int least = ONE - (kind + 1 << SHIFT) + 1;
    for (int i = 0; i < vocabulary; i++) {
      int above = Float.floatToRawIntBits(weights[at + i]) - least;
      if (above >>> SHIFT == 0) {
        ordered[n++] = (1L << BITS) - mass(weights[at + i]) << ID_BITS | i;
      }
    }
    Arrays.sort(ordered, 0, n);
    long sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (1L << BITS) - (ordered[i] >>> ID_BITS);
      if (sum > part) {
        return mass ? sum : ordered[i] & (1L << ID_BITS) - 1;
      }
    }
    throw new AssertionError("a class is less than its mass");
  }

  /** By SplitMix64's output function (Steele et al. 2014), of seed and number in turn. */
  private static long random(long seed, long draw) {
    return mix(mix(seed) + draw * 0x9E3779B97F4A7C15L);
  }

  private static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
