package dev.mixlaw.eval.stats;

import java.util.random.RandomGenerator;

/**
 * An estimated standard deviation and the degrees of freedom of the estimate.
 *
 * @param standardDeviation of one observation: relative where losses are compared by their
 *     logarithms, else in the unit of the loss
 * @param degreesOfFreedom of the estimate, at least 1
 */
public record NoiseEstimate(double standardDeviation, int degreesOfFreedom) {
  /** Largest number of degrees of freedom for which a draw sums squares one by one. */
  private static final int MOST_SUMMED = 200;

  /**
   * Estimates the noise from the residuals of a fit and an estimate from elsewhere.
   *
   * @param residuals of the fit
   * @param parameters number of fitted parameters
   * @param prior standard deviation that is known from other data
   * @param priorDegreesOfFreedom of that knowledge; 0 for none
   */
  public static NoiseEstimate of(
      double[] residuals, int parameters, double prior, int priorDegreesOfFreedom) {
    double sum = priorDegreesOfFreedom * prior * prior;
    for (double r : residuals) {
      sum += r * r;
    }
    int degrees = Math.max(1, residuals.length - parameters + priorDegreesOfFreedom);
    return new NoiseEstimate(Math.sqrt(sum / degrees), degrees);
  }

  /**
   * Draws a standard deviation from its posterior distribution, a scaled inverse chi-square
   * distribution.
   */
  public double drawStandardDeviation(RandomGenerator random) {
    double chiSquare =
        degreesOfFreedom <= MOST_SUMMED
            ? ChiSquare.draw(random, degreesOfFreedom)
            : ChiSquare.drawApproximately(random, degreesOfFreedom);
    return standardDeviation * Math.sqrt(degreesOfFreedom / chiSquare);
  }
}
