package dev.mixlaw.eval.law.internal;

import java.util.random.RandomGenerator;

/**
 * Spread of one observation about the law, and how well it is known.
 *
 * @param spread standard deviation: of the log loss or the loss, as the objective has it
 * @param degreesOfFreedom at least 1
 */
public record Noise(double spread, int degreesOfFreedom) {

  /**
   * From residuals and what is known from elsewhere.
   *
   * @param parameters fitted
   */
  public static Noise of(double[] residuals, int parameters, double known, int knownFreedom) {
    double sum = knownFreedom * known * known;
    for (double r : residuals) {
      sum += r * r;
    }
    int freedom = Math.max(1, residuals.length - parameters + knownFreedom);
    return new Noise(Math.sqrt(sum / freedom), freedom);
  }

  /** A spread as likely as any, given the data: scaled inverse chi-square. */
  public double drawSpread(RandomGenerator random) {
    double chiSquare = 0;
    if (degreesOfFreedom <= 200) {
      for (int i = 0; i < degreesOfFreedom; i++) {
        double z = random.nextGaussian();
        chiSquare += z * z;
      }
    } else { // Wilson and Hilferty
      double v = 2.0 / (9 * degreesOfFreedom);
      double c = 1 - v + random.nextGaussian() * Math.sqrt(v);
      chiSquare = degreesOfFreedom * c * c * c;
    }
    return spread * Math.sqrt(degreesOfFreedom / chiSquare);
  }
}
