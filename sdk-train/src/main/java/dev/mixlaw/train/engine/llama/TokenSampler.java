package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.spi.SamplingModel.Sampling;
import dev.mixlaw.train.engine.vector.VectorMath;

/**
 * Samples tokens from logits with nucleus (top-p) sampling (Holtzman et al. 2020). The nucleus is
 * the smallest set of most likely tokens whose total probability reaches {@code topP}. Ties are
 * broken by token id.
 *
 * <p>The tokens are not sorted. A token is drawn from all tokens, and is accepted if the total
 * probability of all more likely tokens is less than {@code topP}. If it is not accepted, another
 * token is drawn from those more likely tokens, and so on. Each token of the nucleus is thus drawn
 * in proportion to its probability, and the number of candidates decreases quickly. Sums are
 * accurate to about six digits, so the least likely token of the nucleus may be wrongly included or
 * excluded. Instances are not thread-safe. Sampling does not allocate memory.
 */
final class TokenSampler {
  /** Number of tokens in a block. A draw examines only the tokens of one block. */
  private static final int BLOCK = 128;

  private final int vocabulary;

  /**
   * The weights of the tokens that are more likely than a given token, and 0 for all other tokens.
   */
  private final float[] before;

  private final float[] sums;

  TokenSampler(int vocabulary) {
    this.vocabulary = vocabulary;
    before = new float[vocabulary];
    sums = new float[(vocabulary + BLOCK - 1) / BLOCK];
  }

  static long bytes(int vocabulary) {
    return (long) vocabulary * Float.BYTES;
  }

  /**
   * Samples the next token from a row of logits, and overwrites the row.
   *
   * @param draw index of the draw within the text; the token is a function of this index, the seed
   *     and the logits
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
    // The random bits are the output of SplitMix64 (Steele et al. 2014), applied to the seed and
    // then to the index of the draw.
    return fromWeights(
        logits, at, settings.topP(), mix(mix(settings.seed()) + draw * Hashing.GOLDEN_GAMMA));
  }

  /** Samples a token with probabilities that are proportional to the weights. */
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

  private double sum(float[] weights, int at) {
    double total = 0;
    for (int block = 0; block < sums.length; block++) {
      int first = block * BLOCK;
      sums[block] = VectorMath.sum(weights, at + first, Math.min(BLOCK, vocabulary - first));
      total += sums[block];
    }
    return total;
  }

  /** Copies the weights of all tokens that are more likely than a given one; returns their sum. */
  private double before(float[] weights, int at, int token) {
    float weight = weights[at + token];
    System.arraycopy(weights, at, before, 0, vocabulary);
    // Among equally likely tokens, the smaller id comes first.
    VectorMath.keepAbove(before, 0, Math.nextDown(weight), token);
    VectorMath.keepAbove(before, token, weight, vocabulary - token);
    return sum(before, 0);
  }

  /** Returns the first token at which the cumulative weight exceeds {@code part}. */
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

  private static double fraction(long random) {
    return (random >>> 11) * 0x1p-53;
  }

  private static long mix(long x) {
    return Hashing.mix64(x + Hashing.GOLDEN_GAMMA);
  }
}
