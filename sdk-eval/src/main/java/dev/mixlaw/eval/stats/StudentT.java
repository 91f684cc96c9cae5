package dev.mixlaw.eval.stats;

public final class StudentT {
  /** Degrees of freedom above which the normal distribution is accurate to seven digits. */
  private static final double NORMAL = 1e7;

  private StudentT() {}

  /**
   * Returns the two-sided p-value, which is the probability that |T| exceeds |t|.
   *
   * @param degreesOfFreedom degrees of freedom, above 0; may be infinite
   */
  public static double twoSided(double t, double degreesOfFreedom) {
    double nu = Math.min(degreesOfFreedom, NORMAL);
    return incompleteBeta(nu / (nu + t * t), nu / 2);
  }

  /**
   * Returns a quantile.
   *
   * @param probability probability between 0 and 1, exclusive
   * @param degreesOfFreedom degrees of freedom, above 0; may be infinite
   */
  public static double quantile(double probability, double degreesOfFreedom) {
    double tail = 2 * Math.min(probability, 1 - probability);
    double low = 0;
    double high = 1;
    while (twoSided(high, degreesOfFreedom) > tail) {
      low = high;
      high *= 4;
    }
    while (high - low > 1e-12 * high) {
      double middle = (low + high) / 2;
      if (twoSided(middle, degreesOfFreedom) > tail) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return probability < 0.5 ? -high : high;
  }

  /**
   * Returns the regularized incomplete beta function I_x(a, 1/2). The continued fraction
   * (Abramowitz and Stegun 1964, 26.5.8) is evaluated by Lentz's method.
   */
  private static double incompleteBeta(double x, double a) {
    double b = 0.5;
    if (x <= 0 || x >= 1) {
      return x <= 0 ? 0 : 1;
    }
    double front =
        Math.exp(
            Gamma.log(a + b) - Gamma.log(a) - Gamma.log(b) + a * Math.log(x) + b * Math.log1p(-x));
    return x < (a + 1) / (a + b + 2)
        ? front * fraction(x, a, b) / a
        : 1 - front * fraction(1 - x, b, a) / b;
  }

  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / nonZero(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int m = 1; m < 10_000; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / nonZero(1 + even * d);
      c = nonZero(1 + even / c);
      value *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / nonZero(1 + odd * d);
      c = nonZero(1 + odd / c);
      value *= d * c;
      if (Math.abs(d * c - 1) < 1e-14) {
        break;
      }
    }
    return value;
  }

  private static double nonZero(double x) {
    return Math.abs(x) < 1e-300 ? 1e-300 : x;
  }
}
