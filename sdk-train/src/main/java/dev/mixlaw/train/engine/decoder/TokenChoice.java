package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.spi.SamplingModel.Sampling;
import dev.mixlaw.train.engine.loops.Loops;

/** Draws a token from logits. */
final class TokenChoice {
  /** Halvings of the probability below which tokens are left out: to one part in 2²⁴. */
  private static final int HALVINGS = 24;

  private final Sampling how;

  TokenChoice(Sampling how) {
    this.how = how;
  }

  /**
   * A token of a row of logits, which are destroyed.
   *
   * @param counter which draw this is; the same counter, seed and logits give the same token
   */
  int choose(float[] logits, int at, int vocabulary, long counter) {
    float max = Loops.max(logits, at, vocabulary);
    if (how.temperature() == 0) {
      return first(logits, at, vocabulary, max);
    }
    Loops.add(logits, at, -max, vocabulary);
    Loops.scale(logits, at, (float) (1 / how.temperature()), vocabulary);
    Loops.exp(logits, at, vocabulary);
    double total = Loops.sum(logits, at, vocabulary);
    if (!(total > 0 && total < Double.POSITIVE_INFINITY)) {
      throw new IllegalStateException("logits are not finite: the model has diverged");
    }
    float least = how.topP() < 1 ? threshold(logits, at, vocabulary, how.topP() * total) : 0;
    double kept = how.topP() < 1 ? massFrom(logits, at, vocabulary, least) : total;
    double rest = unit(counter) * kept;
    int last = at;
    for (int i = at; i < at + vocabulary; i++) {
      if (logits[i] >= least && logits[i] > 0) {
        last = i;
        rest -= logits[i];
        if (rest < 0) {
          break;
        }
      }
    }
    return last - at;
  }

  private static int first(float[] logits, int at, int vocabulary, float value) {
    for (int i = at; i < at + vocabulary; i++) {
      if (logits[i] == value) {
        return i - at;
      }
    }
    throw new IllegalStateException("logits are not finite: the model has diverged");
  }

  /** The largest value such that what is at least as large adds up to {@code mass}. */
  private static float threshold(float[] x, int at, int n, double mass) {
    float low = 0;
    float high = 1; // the likeliest token's
    for (int i = 0; i < HALVINGS; i++) {
      float middle = (low + high) / 2;
      if (massFrom(x, at, n, middle) >= mass) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double massFrom(float[] x, int at, int n, float least) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = at;
    for (; i + 4 <= at + n; i += 4) {
      s0 += x[i] >= least ? x[i] : 0;
      s1 += x[i + 1] >= least ? x[i + 1] : 0;
      s2 += x[i + 2] >= least ? x[i + 2] : 0;
      s3 += x[i + 3] >= least ? x[i + 3] : 0;
    }
    for (; i < at + n; i++) {
      s0 += x[i] >= least ? x[i] : 0;
    }
    return (double) s0 + s1 + s2 + s3;
  }

  /** In [0, 1), by SplitMix64's output function (Steele et al. 2014). */
  private double unit(long counter) {
    long z = how.seed() * 0xD1342543DE82EF95L + counter * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
  }
}
