package dev.mixlaw.eval.law;

/** The objective function of a fit. */
public enum Objective {
  /**
   * The Huber loss of ln(predicted) - ln(measured) with threshold {@value #DELTA}, summed over
   * observations (Hoffmann et al. 2022, eq. 3). It is close to the sum of absolute relative errors,
   * so a few bad runs have little influence.
   */
  HUBER_LOG,
  /** The sum of squared differences between predicted and measured losses. */
  LEAST_SQUARES;

  /** The residual at which {@link #HUBER_LOG} changes from quadratic to linear. */
  public static final double DELTA = 1e-3;
}
