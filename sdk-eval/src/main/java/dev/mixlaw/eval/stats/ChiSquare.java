package dev.mixlaw.eval.stats;

import java.util.random.RandomGenerator;

public final class ChiSquare {
  private ChiSquare() {}

  /**
   * Draws a value as the sum of squares of standard normal values.
   *
   * @param degreesOfFreedom degrees of freedom, at least 0
   */
  public static double draw(RandomGenerator random, int degreesOfFreedom) {
    double sum = 0;
    for (int i = 0; i < degreesOfFreedom; i++) {
      double z = random.nextGaussian();
      sum += z * z;
    }
    return sum;
  }

  /**
   * Draws a value from the approximation of Wilson and Hilferty (1931), which uses a single normal
   * value.
   *
   * @param degreesOfFreedom degrees of freedom, at least 1; the approximation is good above 30
   */
  public static double drawApproximately(RandomGenerator random, int degreesOfFreedom) {
    double v = 2.0 / (9 * degreesOfFreedom);
    double c = 1 - v + random.nextGaussian() * Math.sqrt(v);
    return degreesOfFreedom * c * c * c;
  }
}
