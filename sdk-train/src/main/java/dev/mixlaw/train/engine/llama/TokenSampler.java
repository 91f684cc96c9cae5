package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.SamplingModel.Sampling;
import dev.mixlaw.train.engine.vector.VectorMath;

/**
 * Draws tokens from logits, as if a row's tokens were ordered from the likeliest to the least
 * likely, and of equally likely ones by id: the fewest first ones that are together as probable as
 * asked are drawn from in proportion.
 *
 * <p>Nothing is ordered. A token is drawn from all; it is one of those first ones if the tokens
 * before it are less probable together than asked. If not, the next is drawn from the tokens before
 * it, and so on: of the tokens that are kept each is as likely as its share, and the tokens that
 * are drawn from soon are few. Sums have six digits, so that a token where the first ones end may
 * fall on either side. Not for use by several threads at once; nothing is allocated by a draw.
 */
final class TokenSampler {
  /** Tokens whose sum is noted: so many are looked at one by one at most. */
  private static final int BLOCK = 128;

  private final int vocabulary;

  /** Weights of the tokens before one, and 0 of the others. */
  private final float[] before;

  /** Of a block of tokens each. */
  private final float[] sums;

  TokenSampler(int vocabulary) {
    this.vocabulary = vocabulary;
    before = new float[vocabulary];
    sums = new float[(vocabulary + BLOCK - 1) / BLOCK];
  }

  /** Bytes that one takes. */
  static long bytes(int vocabulary) {
    return (long) vocabulary * Float.BYTES;
  }

  /**
   * A token of a row of logits, which are destroyed.
   *
   * @param draw which draw of the text this is; the same one, seed and logits give the same token
   * @return -1 if a logit is not finite
   */
  int choose(float[] logits, int at, Sampling how, long draw) {
    if (!Float.isFinite(VectorMath.sum(logits, at, vocabulary))) {
      return -1;
    }
    float max = VectorMath.max(logits, at, vocabulary);
    if (how.temperature() == 0) {
      int first = at;
      while (logits[first] != max) {
        first++;
      }
      return first - at;
    }
    VectorMath.add(logits, at, -max, vocabulary);
    VectorMath.scale(logits, at, (float) (1 / how.temperature()), vocabulary);
    VectorMath.exp(logits, at, vocabulary);
    // By SplitMix64's output function (Steele et al. 2014), of seed and number in turn.
    return fromWeights(logits, at, how.topP(), mix(mix(how.seed()) + draw * 0x9E3779B97F4A7C15L));
  }

  /**
   * A token.
   *
   * @param weights in proportion to the probabilities
   */
  int fromWeights(float[] weights, int at, double topP, long random) {
    double total = sum(weights, at);
    int token = token(weights, at, fraction(random) * total);
    if (topP == 1) {
      return token;
    }
    for (long next = random; ; ) {
      double mass = before(weights, at, token);
      if (mass < topP * total) {
        return token;
      }
      next = mix(next);
      token = token(before, 0, fraction(next) * mass);
    }
  }

  /** Notes the sum of each block; all of them together. */
  private double sum(float[] weights, int at) {
    double total = 0;
    for (int block = 0; block < sums.length; block++) {
      int first = block * BLOCK;
      sums[block] = VectorMath.sum(weights, at + first, Math.min(BLOCK, vocabulary - first));
      total += sums[block];
    }
    return total;
  }

  /** Copies the weights of those before a token, and 0 for the others, and sums them. */
  private double before(float[] weights, int at, int token) {
    float weight = weights[at + token];
    System.arraycopy(weights, at, before, 0, vocabulary);
    // Of equally likely ones those of smaller ids are before it.
    VectorMath.keepAbove(before, 0, Math.nextDown(weight), token);
    VectorMath.keepAbove(before, token, weight, vocabulary - token);
    return sum(before, 0);
  }

  /**
   * The token where a part of the sum falls.
   *
   * @param weights those of {@link #sums}
   */
  private int token(float[] weights, int at, double part) {
    double rest = part;
    int block = 0;
    for (int i = 0; i < sums.length; i++) {
      if (sums[i] > 0) {
        block = i;
        if (rest < sums[i]) {
          break;
        }
        rest -= sums[i];
      }
    }
    int token = 0;
    for (int i = block * BLOCK; i < Math.min(vocabulary, (block + 1) * BLOCK); i++) {
      if (weights[at + i] > 0) {
        token = i;
        rest -= weights[at + i];
        if (rest < 0) {
          break;
        }
      }
    }
    return token;
  }

  /** In [0, 1). */
  private static double fraction(long random) {
    return (random >>> 11) * 0x1p-53;
  }

  private static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
