package dev.mixlaw.eval.stats;

import dev.mixlaw.api.results.Estimate;

/**
 * A difference between means, with its standard error. The confidence interval, the p-value, the
 * detectable difference and the equivalence test are based on Student's t distribution.
 */
public record Contrast(double value, NoiseEstimate error) {
  /** Probability with which a true difference of {@link #detectable} is found significant. */
  public static final double POWER = 0.8;

  private static final double LEVEL = 0.05;

  public double degreesOfFreedom() {
    return error.degreesOfFreedom();
  }

  private double standardError() {
    return error.standardDeviation();
  }

  private double quantile(double probability) {
    return StudentT.quantile(probability, degreesOfFreedom());
  }

  public Estimate estimate() {
    double half = quantile(1 - LEVEL / 2) * standardError();
    return Estimate.of(value, value - half, value + half);
  }

  /**
   * Returns an estimate with a 95 % interval that accounts for the selection of the estimate. With
   * {@code several = k}, this is the Bonferroni interval for k estimates, which is also valid for
   * the largest estimate. With {@code several = k / m}, the false coverage rate is at most 5 % if
   * the procedure of Benjamini and Hochberg selected m of k estimates (Benjamini and Yekutieli
   * 2005).
   *
   * @param estimate estimate with its 95 % t interval
   * @param degreesOfFreedom degrees of freedom of that interval, above 0
   * @param several number of all estimates divided by the number of selected ones, at least 1
   */
  public static Estimate simultaneous(Estimate estimate, double degreesOfFreedom, double several) {
    double factor =
        StudentT.quantile(1 - LEVEL / 2 / several, degreesOfFreedom)
            / StudentT.quantile(1 - LEVEL / 2, degreesOfFreedom);
    double v = estimate.value();
    return Estimate.of(
        v,
        v + factor * (estimate.interval().low() - v),
        v + factor * (estimate.interval().high() - v));
  }

  public double pValue() {
    return value == 0 ? 1 : StudentT.twoSided(value / standardError(), degreesOfFreedom());
  }

  /**
   * Returns the smallest true difference that a repetition of this measurement would find
   * significant at 95 % with a probability of {@value #POWER}. With ν degrees of freedom, it equals
   * <i>(t_.975 + t_.8)·(1 + 0.85/ν + 0.8/ν²)</i> standard errors, where the last factor accounts
   * for the uncertainty of both standard errors. If ν is at least 2, the result is within 1 % of
   * the value obtained by integration.
   */
  public double detectable() {
    double inverse = 1 / degreesOfFreedom();
    return (quantile(1 - LEVEL / 2) + quantile(POWER))
        * (1 + inverse * (0.85 + 0.8 * inverse))
        * standardError();
  }

  /**
   * Returns the smallest margin within which two one-sided tests at 5 % show equivalence to 0
   * (Schuirmann 1987).
   */
  public double equivalence() {
    return Math.abs(value) + quantile(1 - LEVEL) * standardError();
  }
}
