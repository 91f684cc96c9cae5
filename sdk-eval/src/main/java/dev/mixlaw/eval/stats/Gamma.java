package dev.mixlaw.eval.stats;

/**
 * The logarithm of the gamma function and its derivatives. They are computed from asymptotic series
 * (Abramowitz and Stegun 1964, 6.1.41, 6.3.18 and 6.4.12) at arguments of at least 10.
 */
final class Gamma {
  private static final double LARGE = 10;

  private Gamma() {}

  static double log(double x) {
    double shift = 0;
    double y = x;
    while (y < LARGE) {
      shift += Math.log(y);
      y++;
    }
    double z = 1 / (y * y);
    return (y - 0.5) * Math.log(y)
        - y
        + 0.5 * Math.log(2 * Math.PI)
        + (1 / 12.0 - z * (1 / 360.0 - z * (1 / 1260.0 - z / 1680))) / y
        - shift;
  }

  /** Returns ψ(x), which is the mean of the logarithm of a gamma variable with shape x. */
  static double digamma(double x) {
    double sum = 0;
    double y = x;
    while (y < LARGE) {
      sum -= 1 / y;
      y++;
    }
    double z = 1 / (y * y);
    return sum + Math.log(y) - 0.5 / y - z * (1 / 12.0 - z * (1 / 120.0 - z / 252));
  }

  /** Returns ψ'(x), which is the variance of the logarithm of a gamma variable with shape x. */
  static double trigamma(double x) {
    double sum = 0;
    double y = x;
    while (y < LARGE) {
      sum += 1 / (y * y);
      y++;
    }
    double z = 1 / (y * y);
    return sum + 1 / y + z / 2 + z / y * (1 / 6.0 - z * (1 / 30.0 - z / 42));
  }

  /** Returns the x between 0.001 and 10⁹ whose ψ'(x) is nearest to the given value. */
  static double inverseTrigamma(double value) {
    double low = Math.log(1e-3);
    double high = Math.log(1e9);
    while (high - low > 1e-10) {
      double middle = (low + high) / 2;
      if (trigamma(Math.exp(middle)) > value) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.exp(low);
  }
}
