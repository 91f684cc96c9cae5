package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.spi.SamplingModel.Sampling;
import dev.mixlaw.train.engine.vector.VectorMath;

/**
 * Samples tokens from logits with nucleus (top-p) sampling (Holtzman et al. 2020). The nucleus is
 * the smallest set of most likely tokens whose probability reaches {@code topP}; equally likely
 * tokens are ordered by id.
 *
 * <p>Nothing is sorted. A token is drawn from all tokens. It belongs to the nucleus if the total
 * probability of the tokens before it is less than {@code topP}. Otherwise the next token is drawn
 * from the tokens before it, and so on. Each token in the nucleus is thus drawn in proportion to
 * its probability, and the number of candidates falls quickly. Sums are accurate to about six
 * digits, so a token at the edge of the nucleus may fall on either side. An instance may be used by
 * only one thread at a time. Drawing a token allocates no memory.
 */
final class TokenSampler {
  /** Number of tokens in a block. A draw examines at most this many tokens individually. */
  private static final int BLOCK = 128;

  private final int vocabulary;

  /** The weights of the tokens before a given token; the weights of all other tokens are 0. */
  private final float[] before;

  /** The sum of each block's weights. */
  private final float[] sums;

  TokenSampler(int vocabulary) {
    this.vocabulary = vocabulary;
    before = new float[vocabulary];
    sums = new float[(vocabulary + BLOCK - 1) / BLOCK];
  }

  /** Returns the number of bytes that a sampler needs. */
  static long bytes(int vocabulary) {
    return (long) vocabulary * Float.BYTES;
  }

  /**
   * Samples the next token from a row of logits, and overwrites the row.
   *
   * @param draw number of the draw within the text; the same draw, seed and logits give the same
   *     token
   * @return the token, or -1 if a logit is not finite
   */
  int sample(float[] logits, int at, Sampling settings, long draw) {
    if (!Float.isFinite(VectorMath.sum(logits, at, vocabulary))) {
      return -1;
    }
    float max = VectorMath.max(logits, at, vocabulary);
    if (settings.temperature() == 0) {
      int first = at;
      while (logits[first] != max) {
        first++;
      }
      return first - at;
    }
    VectorMath.add(logits, at, -max, vocabulary);
    VectorMath.scale(logits, at, (float) (1 / settings.temperature()), vocabulary);
    VectorMath.exp(logits, at, vocabulary);
    // The random bits come from SplitMix64's output function (Steele et al. 2014), applied to the
    // seed and then to the draw.
    return fromWeights(
        logits, at, settings.topP(), mix(mix(settings.seed()) + draw * Hashing.GOLDEN_GAMMA));
  }

  /**
   * Samples a token.
   *
   * @param weights weights of the tokens, in proportion to their probabilities
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

  /** Computes the sum of each block, and returns the total. */
  private double sum(float[] weights, int at) {
    double total = 0;
    for (int block = 0; block < sums.length; block++) {
      int first = block * BLOCK;
      sums[block] = VectorMath.sum(weights, at + first, Math.min(BLOCK, vocabulary - first));
      total += sums[block];
    }
    return total;
  }

  /**
   * Copies the weights of the tokens before a given token, sets all other weights to 0, and returns
   * the sum.
   */
  private double before(float[] weights, int at, int token) {
    float weight = weights[at + token];
    System.arraycopy(weights, at, before, 0, vocabulary);
    // Among equally likely tokens, those with smaller ids come first.
    VectorMath.keepAbove(before, 0, Math.nextDown(weight), token);
    VectorMath.keepAbove(before, token, weight, vocabulary - token);
    return sum(before, 0);
  }

  /**
   * Returns the token at which the cumulative weight exceeds a given part of the sum.
   *
   * @param weights the weights from which {@link #sums} was computed
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

  /** Returns a number in [0, 1). */
  private static double fraction(long random) {
    return (random >>> 11) * 0x1p-53;
  }

  private static long mix(long x) {
    return Hashing.mix64(x + Hashing.GOLDEN_GAMMA);
  }
}
