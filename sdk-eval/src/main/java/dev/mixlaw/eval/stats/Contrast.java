package dev.mixlaw.eval.stats;

import dev.mixlaw.api.results.Estimate;

/**
 * A difference between means with its error. The confidence interval, the test, the detectable
 * difference and the equivalence test all follow from Student's t distribution.
 *
 * @param value the difference
 * @param error standard error, with its degrees of freedom
 */
public record Contrast(double value, NoiseEstimate error) {
  /** Probability with which a true difference of size {@link #detectable} is found significant. */
  public static final double POWER = 0.8;

  private static final double LEVEL = 0.05;

  /** Returns the degrees of freedom of the standard error. */
  public double degreesOfFreedom() {
    return error.degreesOfFreedom();
  }

  private double standardError() {
    return error.standardDeviation();
  }

  private double quantile(double probability) {
    return StudentT.quantile(probability, degreesOfFreedom());
  }

  /** Returns the difference with its 95 % interval. */
  public Estimate estimate() {
    double half = quantile(1 - LEVEL / 2) * standardError();
    return Estimate.of(value, value - half, value + half);
  }

  /**
   * Returns an estimate with a 95 % interval that allows for the selection of the estimate. For k
   * estimates, the simultaneous interval (Bonferroni) has {@code several = k}, and is therefore
   * also valid for the largest of them. If m of k estimates were selected as significant by the
   * procedure of Benjamini and Hochberg, the intervals with {@code several = k / m} have a false
   * coverage rate of at most 5 % (Benjamini and Yekutieli 2005).
   *
   * @param estimate estimate with its 95 % t interval
   * @param degreesOfFreedom degrees of freedom of that interval, above 0
   * @param several number of all estimates divided by the number of selected estimates, at least 1
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

  /** Returns the two-sided p-value for the hypothesis that there is no difference. */
  public double pValue() {
    return value == 0 ? 1 : StudentT.twoSided(value / standardError(), degreesOfFreedom());
  }

  /**
   * Returns the smallest true difference that another such contrast, tested alone at 95 %, would
   * find significant with a probability of {@value #POWER}: with ν degrees of freedom, <i>(t_.975 +
   * t_.8)·(1 + 0.85/ν + 0.8/ν²)</i> standard errors. The last factor accounts for the uncertainty
   * of both standard errors. For ν of at least 2, the result is within 1 % of the value obtained by
   * integration.
   */
  public double detectable() {
    double inverse = 1 / degreesOfFreedom();
    return (quantile(1 - LEVEL / 2) + quantile(POWER))
        * (1 + inverse * (0.85 + 0.8 * inverse))
        * standardError();
  }

  /**
   * Returns the smallest margin within which two one-sided tests at 5 % (Schuirmann 1987) find the
   * difference equivalent to 0.
   */
  public double equivalence() {
    return Math.abs(value) + quantile(1 - LEVEL) * standardError();
  }
}
