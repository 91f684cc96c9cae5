package dev.mixlaw.eval.law;

/** What a fit makes small. */
public enum Objective {
  /**
   * Huber loss of ln(predicted) - ln(measured), threshold {@value #DELTA}, summed over observations
   * (Hoffmann et al. 2022, eq. 3): almost the sum of absolute relative errors, so that few bad runs
   * cannot bend the law.
   */
  HUBER_LOG,
  /** Sum of squares of predicted - measured. */
  LEAST_SQUARES;

  /** Where {@link #HUBER_LOG} turns from quadratic to linear. */
  public static final double DELTA = 1e-3;
}
