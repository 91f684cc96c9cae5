package dev.mixlaw.train.engine.vector;

import java.nio.FloatBuffer;

/**
 * Loops over {@code float[]} that the JIT compiler C2 vectorizes. The loops contain no conditions
 * and no calls that C2 cannot inline. Reductions use eight partial sums in a fixed order. C2
 * vectorizes a loop over several arrays only if it reads all of them at the same index; other loops
 * take three to four times as long.
 */
public final class VectorMath {
  private VectorMath() {}

  public static void add(float[] to, int at, float[] from, int fromAt, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] += from[fromAt + i];
    }
  }

  public static void add(float[] to, int at, float value, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] += value;
    }
  }

  public static void scale(float[] to, int at, float factor, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] *= factor;
    }
  }

  public static void multiply(float[] to, float[] by, int at, int n) {
    for (int i = at; i < at + n; i++) {
      to[i] *= by[i];
    }
  }

  public static void addScaled(float[] to, int at, float[] from, int fromAt, float factor, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] += from[fromAt + i] * factor;
    }
  }

  public static void addScaledProduct(
      float[] to, float[] x, float[] y, int at, float factor, int n) {
    for (int i = at; i < at + n; i++) {
      to[i] += x[i] * y[i] * factor;
    }
  }

  public static void scaledProduct(float[] to, float[] by, int at, float factor, int n) {
    for (int i = at; i < at + n; i++) {
      to[i] = to[i] * factor * by[i];
    }
  }

  /**
   * Computes {@code d = w ⊙ (d - dot)}, the gradient with respect to the scores of a softmax {@code
   * w}. The value of {@code dot} must be {@code w·d}.
   */
  public static void softmaxBackward(float[] d, int at, float[] w, int wAt, float dot, int n) {
    for (int i = 0; i < n; i++) {
      d[at + i] = w[wAt + i] * (d[at + i] - dot);
    }
  }

  public static void addCombination(
      float[] to, int at, float[] x, int xAt, float p, float[] y, int yAt, float q, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] += p * x[xAt + i] + q * y[yAt + i];
    }
  }

  public static float dot(float[] x, int xAt, float[] y, int yAt, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      s0 += x[xAt + i] * y[yAt + i];
      s1 += x[xAt + i + 1] * y[yAt + i + 1];
      s2 += x[xAt + i + 2] * y[yAt + i + 2];
      s3 += x[xAt + i + 3] * y[yAt + i + 3];
      s4 += x[xAt + i + 4] * y[yAt + i + 4];
      s5 += x[xAt + i + 5] * y[yAt + i + 5];
      s6 += x[xAt + i + 6] * y[yAt + i + 6];
      s7 += x[xAt + i + 7] * y[yAt + i + 7];
    }
    for (; i < n; i++) {
      s0 += x[xAt + i] * y[yAt + i];
    }
    return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
  }

  public static float sum(float[] x, int at, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      s0 += x[at + i];
      s1 += x[at + i + 1];
      s2 += x[at + i + 2];
      s3 += x[at + i + 3];
      s4 += x[at + i + 4];
      s5 += x[at + i + 5];
      s6 += x[at + i + 6];
      s7 += x[at + i + 7];
    }
    for (; i < n; i++) {
      s0 += x[at + i];
    }
    return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
  }

  /** Returns the maximum, ignoring NaN. A branch is three times as fast as {@code Math.max}. */
  public static float max(float[] x, int at, int n) {
    float max = x[at];
    for (int i = at + 1; i < at + n; i++) {
      if (x[i] > max) {
        max = x[i];
      }
    }
    return max;
  }

  /** Rotates pairs {@code (x[i], x[half + i])}. A {@code sign} of -1 reverses the rotation. */
  public static void rotate(
      float[] x, int at, float[] cos, float[] sin, int angle, float sign, int half) {
    for (int i = 0; i < half; i++) {
      float p = x[at + i];
      float q = x[at + half + i];
      float s = sign * sin[angle + i];
      x[at + i] = p * cos[angle + i] - q * s;
      x[at + half + i] = q * cos[angle + i] + p * s;
    }
  }

  /**
   * Returns the sum of a row of exponentials. If the sum is close to underflow or overflow, first
   * replaces each exponential with the exponential of the difference between its logit and the
   * largest logit. Overflow is rare, so it is faster not to search for the largest logit in
   * advance.
   *
   * @param logits the logits, starting at index {@code from}
   */
  public static float sumOfExponentials(float[] x, int at, int n, FloatBuffer logits, int from) {
    float sum = sum(x, at, n);
    if (!lossy(sum)) {
      return sum;
    }
    logits.get(from, x, at, n);
    add(x, at, -max(x, at, n), n);
    exp(x, at, n);
    return sum(x, at, n);
  }

  static boolean lossy(double sum) {
    return !(sum > 1e-10 && sum < 1e30);
  }

  /**
   * Computes exponentials in loops of constant length. C2 unrolls loops for the lengths that it has
   * observed before compilation. With varying lengths, long loops would be 3 to 12 times slower.
   */
  public static void exp(float[] x, int at, int n) {
    int end = at + n;
    int i = at;
    for (; i + LONG <= end; i += LONG) {
      expLong(x, i);
    }
    for (; i + SHORT <= end; i += SHORT) {
      expShort(x, i);
    }
    for (; i < end; i++) {
      x[i] = exp(x[i]);
    }
  }

  private static final int LONG = 1024;
  private static final int SHORT = 128;

  /** Rounds {@code n} up to a length for which {@link #exp} uses only vector instructions. */
  public static int whole(int n) {
    return (n + SHORT - 1) / SHORT * SHORT;
  }

  private static void expLong(float[] x, int at) {
    for (int i = 0; i < LONG; i++) {
      x[at + i] = exp(x[at + i]);
    }
  }

  private static void expShort(float[] x, int at) {
    for (int i = 0; i < SHORT; i++) {
      x[at + i] = exp(x[at + i]);
    }
  }

  /** Sets all values that do not exceed a limit to 0. The values must not be negative. */
  public static void keepAbove(float[] x, int at, float limit, int n) {
    int end = at + n;
    int i = at;
    for (; i + LONG <= end; i += LONG) {
      keepAboveLong(x, i, limit);
    }
    for (; i + SHORT <= end; i += SHORT) {
      keepAboveShort(x, i, limit);
    }
    for (; i < end; i++) {
      x[i] = keptAbove(x[i], limit);
    }
  }

  private static void keepAboveLong(float[] x, int at, float limit) {
    for (int i = 0; i < LONG; i++) {
      x[at + i] = keptAbove(x[at + i], limit);
    }
  }

  private static void keepAboveShort(float[] x, int at, float limit) {
    for (int i = 0; i < SHORT; i++) {
      x[at + i] = keptAbove(x[at + i], limit);
    }
  }

  /** Returns {@code x} if it exceeds the limit, and 0 otherwise, without a branch. */
  private static float keptAbove(float x, float limit) {
    return x * Math.min(Math.max((x - limit) * Float.MAX_VALUE, 0f), 1f);
  }

  public static void swiglu(float[] gate, float[] up, int n) {
    for (int i = 0; i < n; i++) {
      gate[i] = gate[i] * sigmoid(gate[i]) * up[i];
    }
  }

  private static float sigmoid(float x) {
    return 1f / (1f + exp(-x));
  }

  public static void sigmoid(float[] x, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = sigmoid(x[i]);
    }
  }

  /**
   * Replaces {@code gate} and {@code up} with their gradients, and {@code out}, which contains the
   * gradient of the output, with the output.
   */
  public static void swigluBackward(float[] gate, float[] up, float[] sigmoid, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      float swish = gate[i] * sigmoid[i];
      float d = out[i];
      out[i] = swish * up[i];
      gate[i] = d * up[i] * (sigmoid[i] + swish * (1f - sigmoid[i]));
      up[i] = d * swish;
    }
  }

  public static void adamW(
      float[] weights,
      float[] gradient,
      float[] mean,
      float[] square,
      int n,
      AdamWStep step,
      double scale) {
    float clip = (float) (step.gradientScale() * scale);
    float b1 = (float) step.beta1();
    float c1 = (float) (1 - step.beta1()) * clip;
    float b2 = (float) step.beta2();
    float c2 = (float) (1 - step.beta2()) * clip * clip;
    // The rate and epsilon include the bias corrections of the moments m and v:
    // learningRate·m̂ / (√v̂ + ε) = rate·m / (√v + epsilon).
    double root = Math.sqrt(step.correction2());
    float rate = (float) (step.learningRate() * root / step.correction1());
    float epsilon = (float) (step.epsilon() * root);
    float keep = (float) (1 - step.learningRate() * step.decay());
    for (int i = 0; i < n; i++) {
      mean[i] = b1 * mean[i] + c1 * gradient[i];
    }
    for (int i = 0; i < n; i++) {
      square[i] = b2 * square[i] + c2 * gradient[i] * gradient[i];
    }
    for (int i = 0; i < n; i++) {
      weights[i] = weights[i] * keep - rate * mean[i] / ((float) Math.sqrt(square[i]) + epsilon);
    }
  }

  /**
   * Returns {@code e^x}. The result is {@code e^-80} for x below -80, and infinity for x above 88.
   * The value is {@code (e^(x/128))^128}, which needs only multiplications. On Java 17, C2 does not
   * vectorize {@code Math.exp} or bit operations that scale by powers of two. The first four
   * squarings are applied to {@code e^y - 1}, so that the relative error is below 4·10⁻⁶ for x in
   * [-10, 10] and below 2·10⁻⁵ for x in [-20, 20].
   */
  public static float exp(float x) {
    float y = Math.max(x, -80f) * (1f / 128);
    float q =
        y * (1f + y * (0.5f + y * (1f / 6 + y * (1f / 24 + y * (1f / 120 + y * (1f / 720))))));
    q = q * (2f + q);
    q = q * (2f + q);
    q = q * (2f + q);
    q = q * (2f + q);
    float e = 1f + q;
    e = e * e;
    e = e * e;
    return e * e;
  }
}
